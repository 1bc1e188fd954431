import type { Config } from '../../server/config.ts';
import { hasBooks } from '../../server/store/store.ts';
import type { Outcome, Shell } from '../command-line/command.ts';
import { failingAs, misused } from '../command-line/failure.ts';
import { archiveHouse, type ArchiveHouse } from './house.ts';

/** What a command of the archive works with. `told` draws progress. */
export interface Job {
  readonly house: ArchiveHouse;
  readonly config: Config;
  readonly progress: Shell['progress'];
  readonly say: Shell['say'];
}

/** Opens the archive of the settings for one command. */
export async function withArchive(
  name: string,
  shell: Shell,
  work: (job: Job) => Promise<Outcome>,
): Promise<Outcome> {
  const config = shell.config();
  if (!hasBooks(config.dataDir))
    throw misused('no_books', `There are no books in ${config.dataDir} (DATA_DIR).`);
  return failingAs('archive_failed', `${name} failed`, async () => {
    const house = archiveHouse(config);
    try {
      return await work({
        house,
        config,
        progress: (...stage) => shell.progress(...stage),
        say: (line) => shell.say(line),
      });
    } finally {
      house.source.close();
    }
  });
}
