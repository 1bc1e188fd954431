import { Rates } from '../identity/rates.ts';
import type { RateRule } from '../ports/rates.ts';
import { FetchDesk, fetchSegment } from '../upkeep/archive/fetch-desk.ts';
import type { Log } from '../upkeep/log.ts';
import type { Opened } from './opened.ts';
import { OWN_COMMAND } from './places.ts';

/** Segments that one account may have fetched. */
const FETCHES: RateRule = { limit: 20, windowMs: 3_600_000 };

/** Has traders' old bets fetched from the archive. */
export function openFetches(now: () => number, log: Log, opened: Opened): FetchDesk {
  const rates = new Rates(FETCHES);
  const stopped = new AbortController();
  const desk = new FetchDesk({
    start: (segment) => fetchSegment(OWN_COMMAND, segment, stopped.signal),
    take: (accountId, at) => rates.take(accountId, at),
    now,
    onFault: (segment, fault) => log.error({ segment, fault }, 'a segment of the archive cannot be fetched'),
  });
  return opened.add('fetches from the archive', desk, () => {
    desk.stop();
    stopped.abort();
  });
}
