import type { Bet } from './bet.ts';
import type { Tick } from './tick.ts';

/** What of a feed tells whether its prices go on from those of the run before. */
export interface Provenance {
  readonly simulated: boolean;
  /**
   * Its prices do not go on from those recorded last: a recording, which begins anew at every start, or
   * prices of another source.
   */
  readonly startsAnew?: boolean;
}

/** Of which feed a tick is; its venues tell. */
export const feedOf = ({ sources }: Pick<Tick, 'sources'>): 'live' | 'replay' | 'walk' => {
  const venue = sources[0]?.venue;
  return venue === 'replay' || venue === 'walk' ? venue : 'live';
};

/**
 * From when on there may be ticks after a start, UTC epoch ms. A bet is decided by the prices that it was
 * taken on: where those of this feed do not go on from them, or are of the other kind, live or simulated,
 * there are no ticks until its window is over. Such bets end by what was recorded before, or void. Where
 * prices begin anew the path is broken in any case, so that no segment leads to them.
 * @param open all open bets
 * @param lastAt time of the last recorded tick, 0 where there is none
 * @returns 0 when there is nothing to wait for
 */
export function quietUntil(
  open: readonly Bet[],
  { simulated, startsAnew = false }: Provenance,
  lastAt: number,
  maxGapMs: number,
): number {
  const broken = lastAt + maxGapMs + 1;
  let until = startsAnew ? broken : 0;
  for (const { cell, simulated: taken } of open)
    if (startsAnew || taken !== simulated) until = Math.max(until, cell.startMs + cell.windowMs, broken);
  return until;
}
