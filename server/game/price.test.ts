import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { formatDollars, formatMultiplier, micros, multiplier, payoutOf, type Micros } from './money.ts';
import { cents, formatPrice, midOf, parsePrice, PRICE_CENTS_MAX, type Cents } from './price.ts';
import { decodeSources, encodeSources, medianOf, tickLine } from './tick.ts';

describe('parsePrice', () => {
  const rows: readonly [text: string, cents: number | null][] = [
    ['68900.50', 6890050],
    ['68900.5', 6890050],
    ['68900', 6890000],
    ['0.01', 1],
    ['0.005', 1],
    ['0.004', null],
    ['0', null],
    ['68900.504', 6890050],
    ['68900.505', 6890051],
    ['68900.995', 6890100],
    ['25.35190000', 2535],
    ['10000000', PRICE_CENTS_MAX],
    ['10000000.01', null],
    ['', null],
    ['-1', null],
    ['+1', null],
    ['1e5', null],
    ['1,000', null],
    ['.5', null],
    ['5.', null],
    [' 5', null],
    ['NaN', null],
    ['0x10', null],
    ['1.2.3', null],
    ['٣', null],
  ];
  for (const [text, expected] of rows)
    test(`${JSON.stringify(text)} → ${expected}`, () =>
      expect(parsePrice(text) as number | null).toBe(expected));

  test('every price in cents survives being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: PRICE_CENTS_MAX }), (value) => {
        expect(parsePrice(`${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`)).toBe(
          value as Cents,
        );
      }),
    );
  });
  test('never throws and never gives anything but whole cents', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = parsePrice(text);
        expect(value === null || (Number.isSafeInteger(value) && value > 0)).toBe(true);
      }),
    );
  });
  test('cents refuses what is no price', () => {
    for (const value of [0, -1, 1.5, NaN, Infinity, PRICE_CENTS_MAX + 1])
      expect(() => cents(value)).toThrow(RangeError);
  });
});

describe('money', () => {
  const rows: readonly [stake: number, times: number, payout: number][] = [
    [1_000_000, 235, 2_350_000],
    [1, 199, 1],
    [3, 133, 3],
    [100_000_000, 2500, 2_500_000_000],
    [10_000_000, 105, 10_500_000],
    [1_000_001, 101, 1_010_001],
  ];
  for (const [stake, times, payout] of rows)
    test(`${stake} at ${times} pays ${payout}`, () =>
      expect(payoutOf(micros(stake), multiplier(times))).toBe(payout as Micros));
  test('what is not a whole number of micro-dollars is a bug', () => {
    for (const value of [0.5, NaN, Infinity, 2 ** 53]) expect(() => micros(value)).toThrow(RangeError);
    expect(() => payoutOf(micros(2 ** 52), multiplier(2500))).toThrow(RangeError);
    expect(() => multiplier(-1)).toThrow(RangeError);
  });
  test('is shown in dollars, cut and never rounded up', () => {
    expect(
      [1_234_567, 10_482_500_000, 0, -5_000_000, 999_999].map((value) => formatDollars(micros(value))),
    ).toEqual(['$1.23', '$10,482.50', '$0.00', '−$5.00', '$0.99']);
    expect([105, 235, 2500].map((value) => formatMultiplier(multiplier(value)))).toEqual([
      '1.05',
      '2.35',
      '25.00',
    ]);
    expect(formatPrice(7604185 as Cents)).toBe('76,041.85');
  });
});

describe('tick', () => {
  const sources = [
    { venue: 'coinbase', price: 7604185 as Cents },
    { venue: 'kraken', price: 7604190 as Cents },
  ];
  test('its canonical line names sequence, time, price and sources', () => {
    expect(tickLine({ seq: 3, at: 1_800_000_000_000, price: 7604187 as Cents, sources })).toBe(
      '3|1800000000000|7604187|coinbase=7604185 kraken=7604190',
    );
    expect(decodeSources(encodeSources(sources))).toEqual(sources);
    expect(decodeSources('')).toEqual([]);
  });
  test('the median of an even number is the mean of the two in the middle, cut', () => {
    const median = (...prices: number[]) => medianOf(prices as Cents[]) as number;
    expect([median(5), median(9, 1), median(1, 2), median(3, 1, 2), median(10, 1, 3, 4)]).toEqual([
      5, 5, 1, 2, 3,
    ]);
    expect(midOf(100 as Cents, 101 as Cents) as number).toBe(100);
  });
});
