import { CardDesk } from '../http/cards/card-desk.ts';
import type { Log } from '../ports/log.ts';
import type { RateRule } from '../ports/rates.ts';
import { drawnByChild } from '../http/cards/child.ts';
import type { Opened } from './opened.ts';
import { OWN_COMMAND } from './places.ts';
import type { SharedState } from './shared-state.ts';

/** Cards that one address may have drawn; networks that fetch them for many ask from a few addresses. */
const CARDS: RateRule = { limit: 30, windowMs: 60_000 };

/** Has the cards of wins drawn. */
export function openCards(
  shared: Pick<SharedState, 'rates'>,
  { now, log }: { readonly now: () => number; readonly log: Pick<Log, 'error'> },
  opened: Opened,
): CardDesk {
  const stopped = new AbortController();
  opened.add('cards', stopped, (one) => one.abort());
  return new CardDesk({
    draw: (svg) => drawnByChild(OWN_COMMAND, svg, stopped.signal),
    limit: shared.rates('cards', CARDS),
    now,
    onFault: (fault) => log.error({ fault }, 'a card could not be drawn'),
  });
}
