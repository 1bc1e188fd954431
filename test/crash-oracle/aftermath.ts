import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { faultsOf } from '../stage/second-opinion.ts';
import { backupsOf, databaseOf, startCommand } from './processes.ts';

const RESTORED = 'restored';

/**
 * Runs every job to its end on books that nobody writes to, restores the backup, and lets the second verifier
 * look at what is there and at what came back. Signatures are left out: the orders of the old books were
 * never signed.
 * @param env of the clock that the server went by.
 * @returns what is amiss.
 */
export async function aftermath(dir: string, env?: Readonly<Record<string, string>>): Promise<string[]> {
  const restored = join(dir, RESTORED);
  const faults: string[] = [];
  // Before the archiver takes the bets away: later there is little left in the file to look at.
  for (const words of [
    ['backup', 'run'],
    ['backup', 'verify'],
    ['verify-ledger'],
    ['restore', '--from', backupsOf(dir), '--to', restored],
  ])
    faults.push(...(await run(dir, words, env)));
  for (const file of [databaseOf(dir), join(restored, DATABASE_FILE)])
    faults.push(...(existsSync(file) ? faultsOf(file) : [`${file} does not exist`]));
  for (const words of [['archive', 'run'], ['archive', 'verify'], ['verify-ledger'], ['backup', 'run']])
    faults.push(...(await run(dir, words, env)));
  return [...faults, ...faultsOf(databaseOf(dir))];
}

async function run(
  dir: string,
  words: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string[]> {
  const job = startCommand(dir, words, env);
  const [text, code] = await Promise.all([new Response(job.stderr).text(), job.exited]);
  return code === 0
    ? []
    : [`${words.slice(0, 2).join(' ')} ended with ${code}: ${text.trim().split('\n').at(-1)}`];
}
