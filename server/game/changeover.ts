import type { Bet } from './bet.ts';

/**
 * From when on there may be ticks after a start, UTC epoch ms. A bet is decided by the kind of price that it was taken on, live or simulated: while windows of bets
 * of the other kind are to come there are none, and the path is broken. Such bets end by what was recorded before, or void.
 * @param open all open bets
 * @param lastAt time of the last recorded tick
 * @returns 0 when there is nothing to wait for
 */
export function quietUntil(open: readonly Bet[], simulated: boolean, lastAt: number, maxGapMs: number): number {
  let until = 0;
  for (const { cell, simulated: taken } of open) if (taken !== simulated) until = Math.max(until, cell.startMs + cell.windowMs, lastAt + maxGapMs + 1);
  return until;
}
