import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { ArchiveOperation, ArchiveResult } from '../ports/archive.ts';
import type { Store } from '../store/store.ts';
import { Rates } from '../identity/rates.ts';
import type { RateRule } from '../ports/rates.ts';
import { openArchiveSocket } from '../upkeep/archive/archive-socket.ts';
import { FetchDesk, fetchSegment } from '../upkeep/archive/fetch-desk.ts';
import { ArchiveKeeper, keepArchiving, runArchiver } from '../upkeep/archive/keeper.ts';
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

/** Lets the archiver in, and calls it when the books grow too large. */
export function openArchive(
  { dataDir, archiveBetsMax: betsMax }: Config,
  { books }: Store,
  { batcher }: Engine,
  log: Log,
  opened: Opened,
): void {
  const commit = async (operation: ArchiveOperation) => (await batcher.priority(operation)) as ArchiveResult;
  const socket = opened.add('archive socket', openArchiveSocket(dataDir, commit), (one) => one?.close());
  if (socket === null)
    log.warn(
      { dataDir },
      'the path of the data folder is too long for a socket: ' +
        'tapgrid archive run must run while the server is stopped',
    );
  const keeper = new ArchiveKeeper({
    liveBets: () => books.unarchivedBets(),
    betsMax,
    start: () => runArchiver(OWN_COMMAND),
    now: () => performance.now(),
    onNews: (message, detail) => log.warn(detail, message),
  });
  opened.add('archive keeper', keepArchiving(keeper), (stop) => stop());
}
