import { describe, expect, test } from 'bun:test';
import type { Cents } from '../price.ts';
import { RangeVolatility } from './range-volatility.ts';

/** ρ after prices at times in seconds. */
function rangeOf(...ticks: readonly (readonly [seconds: number, price: number])[]): number {
  const range = new RangeVolatility();
  for (const [seconds, price] of ticks)
    range.onTick({ at: 1_000_000 + seconds * 1000, price: price as Cents });
  return range.rangeBp;
}
const bpOver5s = (low: number, high: number): number => (10_000 * Math.log(high / low)) / Math.sqrt(5);

describe('RangeVolatility', () => {
  const rows: readonly [name: string, found: number, expected: number][] = [
    ['nothing before the first interval is over', rangeOf([0, 10_000], [2, 10_100], [4.9, 10_000]), 0],
    [
      'the highest over the lowest of the interval',
      rangeOf([0, 10_000], [2, 10_100], [4, 9_950], [5, 9_000]),
      bpOver5s(9_950, 10_100),
    ],
    [
      'the carried price counts in the next one',
      rangeOf(
        [0, 10_000],
        [2, 10_000],
        [4.9, 10_100],
        [5.1, 10_000],
        [7, 10_000],
        [9.9, 10_000],
        [10, 10_000],
      ),
      (bpOver5s(10_000, 10_100) * (1 + 2 ** (-1 / 3))) / (1 + 2 ** (-1 / 3)),
    ],
    [
      'but not where a tick stands at its beginning',
      rangeOf([0, 10_000], [2, 10_000], [4.9, 10_000], [5, 10_100], [7, 10_100], [9.9, 10_100], [10, 10_000]),
      0,
    ],
    [
      'an interval that began in a silence, or has one in it, is left out',
      rangeOf([1, 10_000], [2, 10_500], [4.9, 10_000], [5, 10_000], [6, 10_900], [9.9, 10_000], [13, 10_000]),
      0,
    ],
    [
      'a tick that goes back in time is left out',
      rangeOf([0, 10_000], [2, 10_100], [1, 20_000], [4, 10_000], [5, 10_000]),
      bpOver5s(10_000, 10_100),
    ],
  ];
  test.each(rows)('%s', (_, found, expected) => {
    expect(found).toBeCloseTo(expected, 9);
  });

  test('forgets after half an hour of silence, not before', () => {
    const before: [number, number][] = [
      [0, 10_000],
      [2, 10_100],
      [4, 10_000],
      [5, 10_000],
    ];
    expect(rangeOf(...before, [1_700, 10_000])).toBeGreaterThan(0);
    expect(rangeOf(...before, [2_000, 10_000])).toBe(0);
  });
});
