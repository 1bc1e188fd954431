import { expect, test } from 'bun:test';
import { quantile, rounded, spreadOf } from './spread.ts';

test.each([
  [[3], { median: 3, min: 3, max: 3 }],
  [[9, 1, 4], { median: 4, min: 1, max: 9 }],
  [[4, 1, 2, 9], { median: 3, min: 1, max: 9 }],
])('%j spreads as %j', (values, spread) => expect(spreadOf(values)).toEqual(spread));

test('no rounds have no median', () => expect(() => spreadOf([])).toThrow(RangeError));

test.each([
  [[], 0.5, 0],
  [[7], 0.99, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.51, 3],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
  [[1, 2], 0, 1],
])('of %j the share %f is below or at %f', (sorted, share, value) =>
  expect(quantile(sorted, share)).toBe(value),
);

test('rounding keeps significant digits', () =>
  expect([rounded(123456), rounded(0.00123456, 2), rounded(Infinity)]).toEqual([123500, 0.0012, Infinity]));
