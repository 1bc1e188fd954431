import type { Bet } from './bet.ts';

/** What of a feed tells whether its prices go on from those of the run before. */
export interface Provenance {
  readonly simulated: boolean;
  /** Its prices begin anew at every start: a recording. */
  readonly startsAnew?: boolean;
}

/**
 * From when on there may be ticks after a start, UTC epoch ms. Where prices begin anew the path is broken, so that no segment leads to them. A bet is
 * decided by the kind of price that it was taken on, live or simulated: while windows of bets of the other kind are to come there are no ticks. Such bets
 * end by what was recorded before, or void.
 * @param open all open bets
 * @param lastAt time of the last recorded tick, 0 where there is none
 * @returns 0 when there is nothing to wait for
 */
export function quietUntil(open: readonly Bet[], { simulated, startsAnew = false }: Provenance, lastAt: number, maxGapMs: number): number {
  const broken = lastAt + maxGapMs + 1;
  let until = startsAnew ? broken : 0;
  for (const { cell, simulated: taken } of open) if (taken !== simulated) until = Math.max(until, cell.startMs + cell.windowMs, broken);
  return until;
}
