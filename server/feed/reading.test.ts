import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  epochMsOf,
  instantOf,
  parseFields,
  readBook,
  readPrice,
  rejected,
  VENUE_WORDS_MAX,
} from './reading.ts';

describe('readPrice', () => {
  const table: [unknown, number | null][] = [
    ['76041.85', 7_604_185],
    ['76041.850000', 7_604_185],
    [76041.85, 7_604_185],
    [105944.2, 10_594_420],
    [0.29, 29],
    [1.005, 101],
    [70000, 7_000_000],
    [1e21, null],
    [1e-7, null],
    [-5, null],
    [NaN, null],
    ['7.6e4', null],
    ['76,041.85', null],
    [' 76041', null],
    [true, null],
    [['76041'], null],
  ];
  test.each(table)('%p → %p', (value, expected) => expect(readPrice(value)).toBe(expected as never));

  test('a JSON number of whole cents is read exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (priceCents) => {
        const text = `${Math.floor(priceCents / 100)}.${String(priceCents % 100).padStart(2, '0')}`;
        expect(readPrice(JSON.parse(text))).toBe(priceCents as never);
      }),
    );
  });
});

describe('readBook', () => {
  const table: [string, unknown, unknown, string][] = [
    ['a book', '100.00', '100.01', 'quote'],
    ['bid and ask equal', '100.00', '100.00', 'quote'],
    ['crossed', '100.01', '100.00', 'dropped'],
    ['one per cent wide', '100.00', '101.00', 'quote'],
    ['wider', '100.00', '101.01', 'dropped'],
    ['no bid', '', '100', 'dropped'],
    ['bid of zero', '0.00', '100', 'dropped'],
    ['ask of zero as a number', 100, 0, 'dropped'],
    ['no ask', '100', undefined, 'dropped'],
    ['text that is no price', 'abc', '100', 'garbage'],
    ['an object', {}, '100', 'garbage'],
    ['beyond the highest price', '99999999.00', '99999999.01', 'garbage'],
  ];
  test.each(table)('%s', (_name, bid, ask, kind) =>
    expect(readBook(bid, ask, null).kind).toBe(kind as never),
  );
});

describe('times', () => {
  test.each([
    ['2026-03-01T00:00:01Z', Date.UTC(2026, 2, 1, 0, 0, 1)],
    ['2026-03-01T00:00:01.5Z', Date.UTC(2026, 2, 1, 0, 0, 1, 500)],
    ['2026-03-01T00:00:01.123999Z', Date.UTC(2026, 2, 1, 0, 0, 1, 123)],
    ['2026-03-01T00:00:01.123456789Z', Date.UTC(2026, 2, 1, 0, 0, 1, 123)],
    ['2026-13-01T00:00:01Z', null],
    ['2026-03-01 00:00:01Z', null],
    ['2026-03-01T00:00:01+01:00', null],
    [1_770_000_000_000, null],
  ])('instantOf %p', (value, expected) => expect(instantOf(value)).toBe(expected));

  test.each([
    ['1770000000000', 1_770_000_000_000],
    [1_770_000_000_000, 1_770_000_000_000],
    ['1770000000', null],
    [1_770_000_000, null],
    ['1770000000000.5', null],
    [1e20, null],
    [null, null],
  ])('epochMsOf %p', (value, expected) => expect(epochMsOf(value)).toBe(expected));
});

test.each([['[]'], ['null'], ['"text"'], ['1'], ['{'], [''], ['undefined']])('%p is no JSON object', (text) =>
  expect(parseFields(text)).toBeNull(),
);
test('a binary frame is no JSON object', () =>
  expect(parseFields(new TextEncoder().encode('{}'))).toBeNull());

test.each([
  ['too many', 'too many'],
  ['x'.repeat(1_000), 'x'.repeat(VENUE_WORDS_MAX)],
  [{ toString: 1 }, 'no reason given'],
  [undefined, 'no reason given'],
])("a venue's reason is bounded text", (why, expected) =>
  expect(rejected(why)).toEqual({ kind: 'rejected', why: expected, isRate: false }),
);

test.each([
  'Exceeded msg rate',
  'Too many requests',
  'Requests too frequent.',
  'EGeneral:Rate limit exceeded',
  'rate limit exceeded',
])('%p says that it was too often', (why) =>
  expect(rejected(why)).toEqual({ kind: 'rejected', why, isRate: true }),
);
