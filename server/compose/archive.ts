import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { ArchiveOperation, ArchiveResult } from '../ports/archive.ts';
import type { Store } from '../store/store.ts';
import { openArchiveSocket } from '../upkeep/archive/archive-socket.ts';
import { ArchiveKeeper, keepArchiving, runArchiver } from '../upkeep/archive/keeper.ts';
import type { Log } from '../upkeep/log.ts';
import type { Opened } from './opened.ts';
import { OWN_COMMAND } from './places.ts';

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
      'the path of the data folder is too long for a socket; stop the server to run tapgrid archive run',
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
