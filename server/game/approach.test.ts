import { expect, test } from 'bun:test';
import { nearestApproach } from './approach.ts';
import { cents } from './price.ts';

const CELL = { startMs: 10_000, windowMs: 5_000, low: cents(1000), high: cents(1100) };
const path = (...points: readonly (readonly [at: number, price: number])[]) =>
  points.map(([at, price], index) => ({ seq: index + 1, at, price: cents(price), sources: [] }));

test.each([
  ['from below', path([10_000, 900], [10_100, 960], [10_200, 950]), 2, 40, 1000],
  ['from above', path([10_000, 1300], [10_100, 1103]), 2, 3, 1100],
  ['the first of two', path([10_000, 990], [10_100, 1110]), 1, 10, 1000],
  ['not before the window, and not after it', path([9_999, 999], [10_000, 900], [15_000, 999]), 2, 100, 1000],
])('%s', (_, ticks, seq, missedBy, end) =>
  expect(nearestApproach(CELL, ticks)).toEqual({ tick: ticks[seq - 1]!, missedBy, end: cents(end) }),
);

test.each([
  ['no tick in the window', path([9_000, 900], [15_000, 900])],
  ['a tick in the band', path([10_000, 900], [10_100, 1100])],
])('none: %s', (_, ticks) => expect(nearestApproach(CELL, ticks)).toBeNull());
