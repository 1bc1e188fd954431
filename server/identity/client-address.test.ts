import { describe, expect, test } from 'bun:test';
import { clientAddress, limitKey } from './client-address.ts';

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
  test.each(table.map(([peer, forwarded, address], row) => [row, peer, forwarded, address] as const))('row %i', (_, peer, forwarded, address) =>
    expect(clientAddress(peer, headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded }))).toBe(address),
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
  ];
  test.each(table)('%s → %s', (address, key) => expect(limitKey(address)).toBe(key));
});
