import { describe, expect, test } from 'bun:test';
import { contains, rangeText, readAddress, readRange, type AddressRange } from './address-range.ts';

describe('a range of addresses', () => {
  test.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['203.0.113.77', '203.0.113.77/32'],
    ['10.255.255.255/8', '10.0.0.0/8'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:0db8:00ff::1/47', '2001:db8:fe::/47'],
    ['fe80::1%eth0', 'fe80::/64'],
    [' 198.51.100.1/32 ', '198.51.100.1/32'],
  ])('%s is %s', (text, canonical) => {
    const range = readRange(text) as AddressRange;
    expect(rangeText(range)).toBe(canonical);
    expect(readRange(canonical)).toEqual(range);
  });

  test.each([
    ['', /is not a range; expected/],
    ['example.com', /is not a range/],
    ['203.0.113.256', /is not a range/],
    ['203.0.113.01/24', /is not a range/],
    ['203.0.113/24', /is not a range/],
    ['203.0.113.0/24/1', /is not a range/],
    ['2001:db8::1::2', /is not a range/],
    ['2001:db8:1:2:3:4:5:6:7', /is not a range/],
    ['1:2:3:4:5:6:7:8::', /is not a range/],
    ['2001:xyz::', /is not a range/],
    ['203.0.113.0/7', /Expected 8 to 32 bits after the slash of an IPv4 range/],
    ['203.0.113.0/33', /Expected 8 to 32 bits after the slash of an IPv4 range/],
    ['203.0.113.0/x', /Expected 8 to 32 bits/],
    ['203.0.113.0/', /Expected 8 to 32 bits/],
    ['0.0.0.0/0', /Expected 8 to 32 bits/],
    ['2001:db8::/8', /Expected 16 to 64 bits after the slash of an IPv6 range/],
    ['2001:db8::1/128', /Expected 16 to 64 bits after the slash of an IPv6 range/],
    ['127.0.0.1', /this machine's own addresses/],
    ['127.1.2.3/8', /this machine's own addresses/],
    ['::1', /this machine's own addresses/],
    ['::ffff:203.0.113.7', /this machine's own addresses/],
  ])('%s is none', (text, sentence) => expect(readRange(text)).toMatch(sentence));

  test.each([
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.0/24', '::203.0.113.1', false],
    ['128.0.0.0/8', '128.255.255.255', true],
    ['2001:db8::/32', '2001:db8:ffff:ffff::', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8:0:1::/64', '2001:db8:0:1:ffff::1', true],
    ['2001:db8:0:1::/64', '2001:db8:0:2::', false],
  ])('%s has %s: %p', (range, address, has) =>
    expect(contains(readRange(range) as AddressRange, readAddress(address)!)).toBe(has),
  );
});
