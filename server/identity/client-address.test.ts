import { describe, expect, test } from 'bun:test';
import { clientAddress, limitKey, trustedProxies } from './client-address.ts';

const headers = (given: Record<string, string>) => new Headers(given);

describe('clientAddress', () => {
  const table: [peer: string | null, forwarded: string | null, address: string][] = [
    ['203.0.113.7', null, '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['2001:db8::7', '198.51.100.1', '2001:db8::7'],
    ['::ffff:203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['127.0.0.1', null, '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [null, '198.51.100.1', '198.51.100.1'],
    [null, 'spoofed, 203.0.113.9, 198.51.100.1', '198.51.100.1'],
    [null, '198.51.100.1, ', 'local'],
    [null, 'unknown', 'local'],
    [null, '<script>', 'local'],
    [null, '198.51.100.1:443', 'local'],
    [null, '2001:db8::9', '2001:db8::9'],
    [null, null, 'local'],
    ['127.0.0.1', `${'9'.repeat(1025)}, 198.51.100.1`, '127.0.0.1'],
  ];
  test.each(table.map(([peer, forwarded, address], row) => [row, peer, forwarded, address] as const))(
    'row %i',
    (_, peer, forwarded, address) =>
      expect(clientAddress(peer, headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded }))).toBe(
        address,
      ),
  );
});

describe('a chain of proxies', () => {
  const isTrusted = trustedProxies([
    { address: '10.0.0.0', bits: 8 },
    { address: '192.0.2.9', bits: 32 },
    { address: '2001:db8:1::', bits: 48 },
  ]);
  const table: [peer: string | null, forwarded: string | null, address: string][] = [
    ['10.1.2.3', '203.0.113.7', '203.0.113.7'],
    ['11.1.2.3', '203.0.113.7', '11.1.2.3'],
    ['::ffff:10.1.2.3', '203.0.113.7', '203.0.113.7'],
    ['::ffff:a01:203', '203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:ffff::5', '2001:db8:2::1', '2001:db8:2::1'],
    ['2001:db8:2::5', '203.0.113.7', '2001:db8:2::5'],
    // What a client writes before the hops of our proxies is not believed.
    ['10.1.2.3', '8.8.8.8, 203.0.113.7, 192.0.2.9', '203.0.113.7'],
    ['127.0.0.1', '8.8.8.8, 203.0.113.7, 10.9.9.9, 2001:db8:1::7', '203.0.113.7'],
    [null, '203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['192.0.2.8', '203.0.113.7', '192.0.2.8'],
    // Nothing but proxies: the first of them called.
    ['10.1.2.3', '10.4.4.4, 10.5.5.5', '10.4.4.4'],
    ['10.1.2.3', null, '10.1.2.3'],
    // A hop that is none ends the chain at the proxy that wrote it.
    ['10.1.2.3', '203.0.113.7, unknown, 10.5.5.5', '10.5.5.5'],
    ['10.1.2.3', 'unknown', '10.1.2.3'],
  ];
  test.each(table.map(([peer, forwarded, address], row) => [row, peer, forwarded, address] as const))(
    'row %i',
    (_, peer, forwarded, address) =>
      expect(
        clientAddress(peer, headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded }), isTrusted),
      ).toBe(address),
  );
});

describe('limitKey', () => {
  const table: [address: string, key: string][] = [
    ['203.0.113.7', '203.0.113.7'],
    ['local', 'local'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:ffff::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['2001:db8:1:2::7', '2001:db8:1:2::/64'],
    ['2001:db8::2:3:4:5', '2001:db8:0:0::/64'],
  ];
  test.each(table)('%s → %s', (address, key) => expect(limitKey(address)).toBe(key));
});
