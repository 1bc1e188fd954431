import type { Config } from './config.ts';
import type { Engine } from './engine/engine.ts';
import type { ArchiveResult } from './ports/archive.ts';
import type { Store } from './store/store.ts';
import { openDoor } from './upkeep/archive/door.ts';
import { ArchiveKeeper, keepArchiving, runArchiver } from './upkeep/archive/keeper.ts';
import type { Log } from './upkeep/log.ts';

/** Lets the archiver in, and calls it when the books grow too large. */
export function openArchive({ dataDir, archiveBetsMax: betsMax }: Config, { books }: Store, { batcher }: Engine, script: string, log: Log): { close(): Promise<void> } {
  const door = openDoor(dataDir, async (operation) => (await batcher.house(operation)) as ArchiveResult);
  if (door === null) log.warn({ dataDir }, 'the path of the data folder is too long for a socket: archive.ts must run while the server is stopped');
  const start = () => runArchiver(script, process.execPath);
  const told = (message: string, detail: Readonly<Record<string, number>>) => log.warn(detail, message);
  const stop = keepArchiving(new ArchiveKeeper({ liveBets: () => books.unarchivedBets(), betsMax, start, now: () => performance.now(), told }));
  return {
    close: async () => {
      stop();
      await door?.close();
    },
  };
}
