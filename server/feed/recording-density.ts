import { firstNotBefore } from '../game/halving.ts';
import type { Recording } from './recording.ts';

/** A longer hole between two rows is a gap; in a shorter one the price is carried forward. */
export const REPLAY_HOLE_MS_MAX = 60_000;
/**
 * With fewer rows around it in a minute nothing is sold: a price that is only carried forward keeps its own
 * row touched, and the odds do not know that.
 */
export const ROWS_PER_MINUTE_MIN = 10;
const MINUTE_MS = 60_000;

/** The first and the last time of a recording, which has rows; epoch ms. */
export const firstOf = (times: Float64Array): number => times[0] ?? Number.NaN;
export const lastOf = (times: Float64Array): number => times.at(-1) ?? Number.NaN;

/**
 * Whether `time` lies in a gap behind `row`, the last one at or before it. The end of a hole is known in
 * advance, so all of it is a gap from just after the row before it.
 */
export function isGapAt(times: Float64Array, row: number, time: number): boolean {
  const [before, after] = times.subarray(row, row + 2);
  return before !== undefined && after !== undefined && time > before && after - before > REPLAY_HOLE_MS_MAX;
}

/**
 * Whether too few rows stand around `time` (epoch ms of the recording) to sell on: in the minute before it,
 * or in the recording's first minute.
 */
export function isThinAt({ times }: Recording, time: number): boolean {
  const from = Math.max(firstOf(times), time - MINUTE_MS);
  return lastRowAt(times, from + MINUTE_MS) - lastRowAt(times, from - 1) < ROWS_PER_MINUTE_MIN;
}

/** Index of the last row with a time ≤ `time`, or -1. */
export function lastRowAt(times: Float64Array, time: number): number {
  return firstNotBefore(times, (one) => one <= time) - 1;
}
