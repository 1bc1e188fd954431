import type { Tick } from '../game/tick.ts';
import type { Books } from '../ports/books.ts';
import type { Market } from './market.ts';

/** Ticks that warm the estimate at a restart. */
const WARMING_MS = 45 * 60_000;
const WARMING_TICKS_MAX = 60_000;

/**
 * Lets the market continue from the ticks of the previous run.
 * @param startsAnew whether these prices do not continue those.
 */
export const warmUp = (
  market: Market,
  books: Pick<Books, 'ticks' | 'lastRevision'>,
  last: Tick,
  startsAnew: boolean | undefined,
): void =>
  market.restore(
    books.ticks(last.at - WARMING_MS, last.at + 1, WARMING_TICKS_MAX),
    books.lastRevision(),
    startsAnew,
  );
