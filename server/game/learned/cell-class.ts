import type { Cents } from '../price.ts';

/**
 * What the learned model tells cells apart by. Lists are closed and numbered: the numbers are written down in
 * the books and hashed.
 */

/** The price's own row; beyond it while it stood still; beyond it with, and against, its last move. */
export const SIDES = ['own', 'still', 'with', 'against'] as const;
export const OWN_SIDE = 0;

/** Upper ends of the groups of lead times, ms; a lead is in the first group that it is below. */
export const LEAD_ENDS = [10_000, 15_000, 25_000, 40_000, Infinity] as const;

/** Upper ends of the groups of row heights, in √seconds of the scale of its moves. */
export const HEIGHT_ENDS = [1.5, 2.2, 3.2, 4.6, Infinity] as const;

/** Lower ends of the bins of probability. */
export const PROBABILITY_EDGES = [0, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.45, 0.65] as const;

/** Over which the last move is taken. */
export const MOVE_MS = 2_000;

/** Sign of the move of the price over the last {@link MOVE_MS}; 0 when it stood still or is not known. */
export type Drift = -1 | 0 | 1;

/** Index in {@link SIDES} of a band, both ends inside. */
export function sideOf(spot: Cents, low: Cents, high: Cents, drift: Drift): number {
  if (low <= spot && high >= spot) return OWN_SIDE;
  if (drift === 0) return 1;
  return low > spot === drift > 0 ? 2 : 3;
}

/** Index of the group of lead times. */
export const leadGroup = (leadMs: number): number => LEAD_ENDS.findIndex((end) => leadMs < end);

/** Index of the group of row heights: a height in bp over the scale in bp per √s. */
export const heightGroup = (heightBp: number, scaleBp: number): number =>
  HEIGHT_ENDS.findIndex((end) => heightBp < end * scaleBp || end === Infinity);

/** Index of the bin that a probability from 0 to 1 is in. */
export const probabilityBin = (probability: number): number =>
  PROBABILITY_EDGES.findLastIndex((edge) => probability >= edge);
