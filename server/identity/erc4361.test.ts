import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { verifyMessage } from 'ethers/hash';
import { assert, constantFrom, property, string } from 'fast-check';
import { formatSignIn, isInForce, type SignInMessage } from './erc4361.ts';
import { readSignIn } from '../../test/stage/erc4361-reader.ts';

const VECTORS = join(import.meta.dir, '../../test/vectors/siwe');
const read = async (file: string) => Bun.file(join(VECTORS, file)).json();

const positive: Record<string, { message: string; fields: SignInMessage }> =
  await read('parsing_positive.json');
const negative: Record<string, string> = await read('parsing_negative.json');
const verification: Record<string, SignInMessage & { signature: string; time?: string }> = await read(
  'verification_positive.json',
);

describe('the published ERC-4361 vectors', () => {
  test('are all there', () =>
    expect([positive, negative, verification].map((file) => Object.keys(file).length)).toEqual([19, 29, 4]));

  for (const [name, { message, fields }] of Object.entries(positive))
    test(`read: ${name}`, () => {
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
      expect(readSignIn(message)).toEqual(given as unknown as SignInMessage);
      expect(formatSignIn(given as unknown as SignInMessage)).toBe(message);
    });

  for (const [name, message] of Object.entries(negative))
    test(`refused: ${name}`, () => expect(readSignIn(message)).toBeNull());

  for (const [name, { signature, time, ...fields }] of Object.entries(verification))
    test(`verified: ${name}`, () => {
      const text = formatSignIn(fields);
      expect(readSignIn(text)).toEqual(fields);
      expect(verifyMessage(text, signature)).toBe(fields.address);
      expect(isInForce(fields, Date.parse(time ?? '2024-01-01T00:00:00Z'))).toBe(true);
    });

  test('the two vectors with a time do not hold today', () => {
    const today = Date.parse('2026-01-01T00:00:00Z');
    expect(
      Object.values(verification)
        .filter(({ time }) => time !== undefined)
        .map((fields) => isInForce(fields, today)),
    ).toEqual([false, false]);
  });
});

const MESSAGE: SignInMessage = {
  scheme: 'https',
  domain: 'taps.example',
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  statement: 'Sign in.',
  uri: 'https://taps.example',
  version: '1',
  chainId: 1,
  nonce: '32891757',
  issuedAt: '2026-01-01T00:00:00.000Z',
  expirationTime: '2026-01-01T12:00:00.000Z',
  resources: ['urn:tapgrid:scope:stake-max:1'],
};

describe('readSignIn', () => {
  const changed: [about: string, change: Partial<Record<keyof SignInMessage, unknown>>][] = [
    ['a day that the month does not have', { issuedAt: '2026-02-30T00:00:00Z' }],
    ['an hour that the day does not have', { issuedAt: '2026-01-01T24:00:00Z' }],
    ['no offset', { issuedAt: '2026-01-01T00:00:00' }],
    ['a day alone', { expirationTime: '2026-01-01' }],
    ['a quote in the statement', { statement: 'Sign "in".' }],
    ['an escape in the statement', { statement: 'Sign\u001b in.' }],
    ['an address without checksum', { address: MESSAGE.address.toLowerCase() }],
    ['an address with a wrong checksum', { address: MESSAGE.address.replace('C02a', 'c02A') }],
    ['a chain below zero', { chainId: -1 }],
    ['a chain that is no safe integer', { chainId: '9007199254740992' }],
    ['a nonce with a sign', { nonce: '3289-1757' }],
    ['an IPv6 domain without brackets', { domain: '::cafe' }],
    ['an IPv6 domain that is none', { domain: '[::cafe::1]' }],
    ['a broken escape in the URI', { uri: 'https://taps.example/%zz' }],
    ['a URI with a blank', { uri: 'https://taps.example/a b' }],
    ['a resource that is no URI', { resources: ['tapgrid'] }],
    ['version 2', { version: '2' }],
  ];
  test.each(changed)('%s is refused', (_, change) => {
    expect(readSignIn(formatSignIn(MESSAGE))).toEqual(MESSAGE);
    expect(readSignIn(formatSignIn({ ...MESSAGE, ...(change as object) }))).toBeNull();
  });

  test('a trailing line, a carriage return and an overlong text are refused', () => {
    const text = formatSignIn(MESSAGE);
    for (const other of [
      `${text}\n`,
      ` ${text}`,
      text.replaceAll('\n', '\r\n'),
      `${text}\n- urn:x:${'a'.repeat(8192)}`,
    ])
      expect(readSignIn(other)).toBeNull();
  });

  test('never throws, and what it accepts is spelled the one way', () => {
    const text = formatSignIn(MESSAGE);
    const piece = constantFrom('\n', ' ', 'URI: ', '- ', '%41', '://', '0x', 'Nonce: ', '9', 'é', '[', ']');
    assert(
      property(
        piece,
        string({ maxLength: 6 }),
        string({ maxLength: text.length }),
        (inserted, noise, cut) => {
          for (const one of [
            text.slice(0, cut.length) + inserted + noise + text.slice(cut.length),
            text.slice(0, cut.length) + text.slice(cut.length + 1),
          ]) {
            const message = readSignIn(one);
            // A chain id may carry leading zeros, which is the one thing that the fields do not keep.
            if (message !== null && !/Chain ID: 0/.test(one)) expect(formatSignIn(message)).toBe(one);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
