import type { Bet } from './bet.ts';
import type { Tick } from './tick.ts';

/** The properties of a feed that decide whether its prices continue those of the previous run. */
export interface Provenance {
  readonly simulated: boolean;
  /**
   * Its prices do not continue those recorded last: a recording, which starts over at every start, or another
   * source.
   */
  readonly startsAnew?: boolean;
}

/** Of which feed a tick is; its venues tell. */
export const feedOf = ({ sources }: Pick<Tick, 'sources'>): 'live' | 'replay' | 'walk' => {
  const venue = sources[0]?.venue;
  return venue === 'replay' || venue === 'walk' ? venue : 'live';
};

/**
 * When ticks may start after a start of the server, UTC epoch ms. A bet is decided by the prices it was
 * placed on: if this feed does not continue them, or is of the other kind (live or simulated), there are no
 * ticks until its window is over. Such bets are decided by what was recorded before, or voided. Where prices
 * start over the path is broken in any case, so that no segment leads to them.
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
