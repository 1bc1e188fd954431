import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { ArchiveResult } from '../ports/archive.ts';
import type { Store } from '../store/store.ts';
import { Rates } from '../identity/rates.ts';
import type { RateRule } from '../ports/rates.ts';
import { openDoor } from '../upkeep/archive/door.ts';
import { FetchDesk, fetchSegment } from '../upkeep/archive/fetch-desk.ts';
import { ArchiveKeeper, keepArchiving, runArchiver } from '../upkeep/archive/keeper.ts';
import type { Log } from '../upkeep/log.ts';

/** Segments that one account may have fetched. */
const FETCHES: RateRule = { limit: 20, windowMs: 3_600_000 };

/** Has traders' old bets fetched from the archive. */
export function openFetches(
  script: string,
  now: () => number,
  log: Log,
): { readonly desk: FetchDesk; stop(): void } {
  const rates = new Rates(FETCHES);
  const stopped = new AbortController();
  const desk = new FetchDesk({
    start: (segment) => fetchSegment(script, process.execPath, segment, stopped.signal),
    take: (accountId, at) => rates.take(accountId, at),
    now,
    told: (segment, fault) =>
      void (
        stopped.signal.aborted || log.error({ segment, fault }, 'a segment of the archive cannot be fetched')
      ),
  });
  return { desk, stop: () => stopped.abort() };
}

/** Lets the archiver in, and calls it when the books grow too large. */
export function openArchive(
  { dataDir, archiveBetsMax: betsMax }: Config,
  { books }: Store,
  { batcher }: Engine,
  script: string,
  log: Log,
): { close(): Promise<void> } {
  const door = openDoor(dataDir, async (operation) => (await batcher.house(operation)) as ArchiveResult);
  if (door === null)
    log.warn(
      { dataDir },
      'the path of the data folder is too long for a socket: archive.ts must run while the server is stopped',
    );
  const start = () => runArchiver(script, process.execPath);
  const told = (message: string, detail: Readonly<Record<string, number>>) => log.warn(detail, message);
  const stop = keepArchiving(
    new ArchiveKeeper({
      liveBets: () => books.unarchivedBets(),
      betsMax,
      start,
      now: () => performance.now(),
      told,
    }),
  );
  return {
    close: async () => {
      stop();
      await door?.close();
    },
  };
}
