import { describe, expect, test } from 'bun:test';
import {
  anything,
  array,
  assert,
  constantFrom,
  integer,
  property,
  record,
  stringMatching,
  uuid,
} from 'fast-check';
import { signedText, type SignedTaps } from '../game/tap.ts';
import { nonceOf, orderFault } from './signed-taps.ts';

const TAPS_MAX = 16;
const RIGHT = {
  nonce: '0190a5c2-6b1e-7c3a-9d57-3f6f0a1b2c3d',
  deadline: 1_800_000_000_000,
  taps: [{ cell: '1800000010000.5000.6890000.6891000', stake: 1_000_000, multiplier: 235, revision: 17 }],
  signature: 'A'.repeat(86),
};
const withTap = (change: object) => ({ ...RIGHT, taps: [{ ...RIGHT.taps[0], ...change }] });

const order = record({
  nonce: uuid({ version: [1, 2, 3, 4, 5, 6, 7, 8] }),
  deadline: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  taps: array(
    record({
      cell: stringMatching(/^[0-9.]{1,48}$/),
      stake: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      multiplier: integer({ min: 0, max: 1_000_000 }),
      revision: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    }),
    { minLength: 1, maxLength: TAPS_MAX },
  ),
  signature: stringMatching(/^[A-Za-z0-9_-]{86}$/),
});

describe('the reader of orders', () => {
  test('takes a right order', () => expect(orderFault(RIGHT, TAPS_MAX)).toBeNull());

  test.each([
    ['extra', { ...RIGHT, extra: 1 }, 'Field extra: unknown field.'],
    ['taps.0.balance', withTap({ balance: 5 }), 'Field taps.0.balance: unknown field.'],
    [
      'taps.0.stake',
      withTap({ stake: 'much' }),
      'Field taps.0.stake: expected micro-dollars, whole cents within what may be staked.',
    ],
    ['deadline', { nonce: RIGHT.nonce }, 'Field deadline: missing.'],
    [
      'taps',
      { ...RIGHT, taps: Array(17).fill(RIGHT.taps[0]) },
      'Field taps: expected at most 16, the limit per signature.',
    ],
    [
      'taps',
      { ...RIGHT, taps: Array(65).fill(RIGHT.taps[0]) },
      'Field taps: expected at most 16, the limit per signature.',
    ],
    ['taps', { ...RIGHT, taps: [] }, 'Field taps: expected one or more taps, up to the limit per signature.'],
    [
      'deadline',
      { ...RIGHT, deadline: '1800000000000' },
      "Field deadline: expected UTC epoch ms by the server's clock; later the order is not accepted, as a " +
        'number, not text.',
    ],
  ])('names the field %s', (field, value, message) =>
    expect(orderFault(value, TAPS_MAX)).toEqual({ field, message }),
  );

  test('tells which order it could not read, when that has a nonce', () => {
    expect(nonceOf({ ...RIGHT, deadline: 'soon' })).toBe(RIGHT.nonce);
    for (const nonce of [undefined, 7, RIGHT.nonce.toUpperCase(), [RIGHT.nonce], `${RIGHT.nonce}\n`])
      expect(nonceOf({ ...RIGHT, nonce })).toBeNull();
  });

  const refused: [about: string, value: unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['text', JSON.stringify(RIGHT)],
    ['a list', [RIGHT]],
    ['a nonce in capitals', { ...RIGHT, nonce: RIGHT.nonce.toUpperCase() }],
    ['a nonce with a line break', { ...RIGHT, nonce: `${RIGHT.nonce}\n` }],
    ['a nonce that is a list', { ...RIGHT, nonce: [RIGHT.nonce] }],
    ['the nil nonce', { ...RIGHT, nonce: '00000000-0000-0000-0000-000000000000' }],
    ['a deadline as text', { ...RIGHT, deadline: '1800000000000' }],
    ['a deadline with a fraction', { ...RIGHT, deadline: 1.5 }],
    ['a deadline below zero', { ...RIGHT, deadline: -1 }],
    ['a deadline past the safe integers', { ...RIGHT, deadline: 2 ** 53 }],
    ['NaN', { ...RIGHT, deadline: Number.NaN }],
    ['no taps', { ...RIGHT, taps: [] }],
    ['17 taps', { ...RIGHT, taps: Array(17).fill(RIGHT.taps[0]) }],
    ['taps that are no list', { ...RIGHT, taps: { 0: RIGHT.taps[0], length: 1 } }],
    ['a hole in the list', { ...RIGHT, taps: Array(1) }],
    ['an empty cell', withTap({ cell: '' })],
    ['a cell of 49 characters', withTap({ cell: '1'.repeat(49) })],
    ['a cell that smuggles in a line', withTap({ cell: '1.2.3.4 1 1 1\n1.2.3.5' })],
    ['a cell with a blank', withTap({ cell: '1.2.3.4 ' })],
    ['a cell with a letter', withTap({ cell: '1e3.2.3.4' })],
    ['a stake of zero', withTap({ stake: 0 })],
    ['a stake below zero', withTap({ stake: -1_000_000 })],
    ['a stake with a fraction', withTap({ stake: 0.5 })],
    ['a stake as a big integer', withTap({ stake: 1_000_000n })],
    ['a stake as an object', withTap({ stake: { valueOf: () => 1_000_000 } })],
    ['an endless stake', withTap({ stake: Number.POSITIVE_INFINITY })],
    ['a multiplier above the bound', withTap({ multiplier: 1_000_001 })],
    ['no revision', withTap({ revision: undefined })],
    ['a signature of 85 characters', { ...RIGHT, signature: 'A'.repeat(85) }],
    ['a signature with padding', { ...RIGHT, signature: `${'A'.repeat(85)}=` }],
    ['a signature in plain base64', { ...RIGHT, signature: `${'A'.repeat(85)}+` }],
  ];
  test.each(refused)('refuses %s', (_, value) =>
    expect(orderFault(value, TAPS_MAX)).toMatchObject({
      message: expect.stringMatching(/^(Field [\w.]+: |Expected an object as the body)/),
    }),
  );

  test('takes every order that went through JSON', () => {
    assert(
      property(order, (one) => expect(orderFault(JSON.parse(JSON.stringify(one)), TAPS_MAX)).toBeNull()),
    );
  });

  test('never throws, and takes nothing outside the bounds', () => {
    const field = constantFrom(
      'nonce',
      'deadline',
      'taps',
      'signature',
      'cell',
      'stake',
      'multiplier',
      'revision',
    );
    assert(
      property(anything(), (value) => expect(orderFault(value, TAPS_MAX)).not.toBeNull()),
      { numRuns: 300 },
    );
    assert(
      property(
        order,
        field,
        anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }),
        (one, name, value) => {
          const inTap = name in one.taps[0]!;
          const read = (
            inTap ? { ...one, taps: [{ ...one.taps[0]!, [name]: value }] } : { ...one, [name]: value }
          ) as typeof one;
          if (orderFault(read, TAPS_MAX) !== null) return;
          expect(read.nonce).toMatch(/^[0-9a-f-]{36}$/);
          expect(read.taps.length).toBeWithin(1, TAPS_MAX + 1);
          for (const tap of read.taps)
            expect(
              [tap.stake, tap.multiplier, tap.revision, read.deadline].every(
                (count) => Number.isSafeInteger(count) && count >= 0,
              ),
            ).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the signed text', () => {
  test('says the whole order: no two orders that can be read share a text', () => {
    assert(
      property(order, (one) => {
        const [, , , nonce, deadline, ...lines] = signedText(
          'https://taps.example',
          'session',
          one as unknown as SignedTaps,
        ).split('\n');
        const taps = lines
          .slice(0, -1)
          .map((line) => line.split(' '))
          .map(([cell, ...counts]) => [cell, ...counts.map(Number)]);
        expect([nonce, Number(deadline), taps]).toEqual([
          one.nonce,
          one.deadline,
          one.taps.map((tap) => [tap.cell, tap.stake, tap.multiplier, tap.revision]),
        ]);
      }),
    );
  });
});
