import type { Config } from '../../server/config.ts';
import type { Outcome, Shell } from '../command-line/command.ts';
import { failingAs } from '../command-line/failure.ts';
import { backupHouse, type BackupHouse } from './house.ts';

/** What a command of the backups works with. `told` draws progress. */
export interface Job {
  readonly house: BackupHouse;
  readonly config: Config;
  readonly progress: Shell['progress'];
  readonly say: Shell['say'];
}

/** Opens the backups of the settings for one command. */
export function withBackups(
  name: string,
  shell: Shell,
  work: (job: Job) => Promise<Outcome>,
): Promise<Outcome> {
  const config = shell.config();
  return failingAs('backup_failed', `${name} failed`, () =>
    work({
      house: backupHouse(config),
      config,
      progress: (...stage) => shell.progress(...stage),
      say: (line) => shell.say(line),
    }),
  );
}
