import { expect, test } from 'bun:test';
import { logRatioBp } from './log-price.ts';

/** 10⁴·ln(to/from) from 40-digit arithmetic. */
const CASES: [number, number, number][] = [
  [7_000_000, 7_000_000, 0],
  [7_000_000, 7_000_700, 0.999950003333083353],
  [7_000_000, 7_070_000, 99.5033085316808285],
  [7_604_185, 7_600_000, -5.50506338312932645],
  [100, 149, 3987.76119957367773],
  [1, 1_000_000_000, 207232.658369464112],
  [1_000_000_000, 1, -207232.658369464112],
];

test.each(CASES)('from %p to %p is %p bp', (from, to, expected) => {
  expect(Math.abs(logRatioBp(from, to) - expected)).toBeLessThanOrEqual(3e-15 * Math.abs(expected));
  expect(logRatioBp(to, from)).toBe(-logRatioBp(from, to) + 0);
});

test('agrees with the engine’s logarithm over the range of a board', () => {
  for (let to = 5_000_000; to < 10_000_000; to += 37_123)
    expect(Math.abs(logRatioBp(7_000_000, to) - 1e4 * Math.log(to / 7_000_000))).toBeLessThan(2e-11);
});

test.each([
  [0, 1],
  [1, 0],
  [-1, 1],
  [NaN, 1],
])('%p to %p is no ratio of prices', (from, to) => {
  expect(() => logRatioBp(from, to)).toThrow(RangeError);
});
