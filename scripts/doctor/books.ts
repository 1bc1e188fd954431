import { messageOf, systemCodeOf } from '../../server/ports/failure.ts';
import { constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { houseElsewhere, WAYS_OUT } from '../../server/compose/elsewhere.ts';
import { lackingBooks } from '../../server/compose/start-check.ts';
import type { Config } from '../../server/config.ts';
import { inspectStore, pagesFault, type Inspection } from '../../server/store/inspection.ts';
import { DATABASE_FILE, hasBooks } from '../../server/store/store.ts';
import { DiskHistory } from '../../server/upkeep/disk-history.ts';
import { inChapter, warn, well, wrong, type Check, mayAccess } from './check.ts';
import { modeFix } from './file-modes.ts';

const DISK_WARN_SHARE = 0.7;
const DISK_WRONG_SHARE = 0.85;
const DISK_EMERGENCY_SHARE = 0.95;
const DISK_DAYS_MIN = 14;
/** Every page of a smaller file is read; those of a larger one are left to the daily check. */
const PAGES_BYTES_MAX = 512 * 1024 ** 2;
const GROUP_AND_OTHERS = 0o077;
const GONE = 'Do not stop anything before you have read TapgridBooksGone in the runbook.';
const RESTORE = 'Restore from nothing in the runbook, from step 2 on';

/** Whether this user may look where the folder of the books is or should be. */
export function mayLook({ dataDir }: Config): boolean {
  try {
    statSync(join(dataDir, DATABASE_FILE));
    return true;
  } catch (cause) {
    return systemCodeOf(cause) !== 'EACCES';
  }
}

/**
 * The folder of the books.
 * @param runs a server that has it open.
 * @param gone what that server says of books that are not where it opened them.
 */
export function folder({ dataDir }: Config, runs: boolean, gone: string | null): readonly Check[] {
  const found = statSync(dataDir, { throwIfNoEntry: false });
  if (found === undefined)
    return [
      runs
        ? wrong(
            'data',
            `${dataDir} is gone while the server runs: the only copy is the files it holds open`,
            GONE,
          )
        : wrong(
            'data',
            `${dataDir} does not exist`,
            `Check DATA_DIR. If there were books, see ${RESTORE}, before the first start creates new ones.`,
          ),
    ];
  if (!found.isDirectory()) return [wrong('data', `${dataDir} is not a folder`, 'Check DATA_DIR.')];
  // Only the server knows: a folder without books on a disk of its own may have been emptied as well.
  if (gone?.startsWith(`${dataDir} `))
    return [wrong('data', `${gone} while the server runs: its books are not the ones in it`, GONE)];
  const faults: Check[] = [];
  const mode = found.mode & 0o777;
  if ((mode & GROUP_AND_OTHERS) !== 0)
    faults.push(
      wrong(
        'data',
        `${dataDir} has mode ${mode.toString(8)}: other users can read the books`,
        `chmod 700 ${dataDir}`,
        modeFix(dataDir, GROUP_AND_OTHERS),
      ),
    );
  const file = statSync(join(dataDir, DATABASE_FILE), { throwIfNoEntry: false });
  if (file !== undefined && file.uid !== found.uid)
    faults.push(
      wrong(
        'data',
        `the folder belongs to user ${found.uid}, the database to user ${file.uid}`,
        `chown -R ${found.uid} ${dataDir}`,
      ),
    );
  if (!mayAccess(dataDir, constants.R_OK | constants.W_OK | constants.X_OK))
    faults.push(
      warn(
        'data',
        `${dataDir} cannot be written by this user`,
        'Run this as root, or as the user of the server.',
      ),
    );
  return faults.length > 0 ? faults : [well('data', `${dataDir}, mode ${mode.toString(8)}`)];
}

export function disk({ dataDir }: Config): Check {
  if (!existsSync(dataDir)) return warn('disk', 'not checked', 'The data folder does not exist.');
  const { usedShare, usedBytes, totalBytes, daysLeft } = new DiskHistory(dataDir).state(Date.now());
  const says =
    `${Math.round(usedShare * 100)} % used, ${((totalBytes - usedBytes) / 1024 ** 3).toFixed(1)} GiB ` +
    `free${daysLeft === null || daysLeft > 999 ? '' : `, ${daysLeft.toFixed(1)} days until 85 %`}`;
  if (usedShare >= DISK_WRONG_SHARE)
    return inChapter(
      usedShare >= DISK_EMERGENCY_SHARE ? 'TapgridDiskEmergency' : 'TapgridDiskFull',
      wrong(
        'disk',
        says,
        usedShare >= DISK_EMERGENCY_SHARE
          ? 'No more bets are taken, and the archive has no room to work: free some space by hand, or use ' +
              'a larger disk.'
          : 'No more bets are taken: free some space, or run the archive (tapgrid archive run).',
      ),
    );
  return usedShare >= DISK_WARN_SHARE || (daysLeft ?? Infinity) < DISK_DAYS_MIN
    ? warn('disk', says, 'Free some space before it reaches 85 %: run the archive, or use a larger disk.')
    : well('disk', says);
}

/** The file, and whether this version can read it. @param runs a server that has it open. */
export async function database(config: Config, runs: boolean): Promise<readonly Check[]> {
  const file = join(config.dataDir, DATABASE_FILE);
  if (!hasBooks(config.dataDir)) {
    if (runs)
      return [
        inChapter(
          'TapgridBooksGone',
          wrong(
            'database',
            `${file} is gone while the server runs: the only copy is the files it holds open`,
            GONE,
          ),
        ),
      ];
    const found = await houseElsewhere(config);
    return found.length === 0
      ? [warn('database', `${file} does not exist`, 'The first start of the server creates it.')]
      : found.map((one) =>
          inChapter(
            'Restore from nothing',
            wrong('database', `${file} does not exist; ${one}`, `${WAYS_OUT}.`),
          ),
        );
  }
  let found: Inspection;
  let fault: string | null;
  const { size } = statSync(file);
  try {
    found = inspectStore(file);
    fault = size > PAGES_BYTES_MAX ? null : pagesFault(file);
  } catch (cause) {
    return [
      wrong(
        'database',
        `cannot be opened: ${messageOf(cause)}`,
        `Check the permissions of the file. If it is damaged: ${RESTORE}.`,
      ),
    ];
  }
  if (fault !== null)
    return [
      wrong('database', `is damaged: ${fault}`, `Stop the server, keep the file as it is, then ${RESTORE}.`),
    ];
  const { batch, house } = found;
  const named = house === null ? '' : `, house ${house}`;
  const says = `${(size / 1024 ** 2).toFixed(1)} MiB, batch ${batch}${named}`;
  return [well('database', says), migrations(found)];
}

function migrations({ strange, pending }: Inspection): Check {
  if (strange.length > 0)
    return wrong(
      'migrations',
      `the file has migrations that this version does not know: ${strange.join(', ')}`,
      'Run the version that wrote the file, or a later one.',
    );
  return pending.length > 0
    ? warn(
        'migrations',
        `not applied yet: ${pending.join(', ')}`,
        'The next start of the server applies them.',
      )
    : well('migrations', 'all applied');
}

/** Whether the books have all that their own backups have seen; the server asks the same when it starts. */
export async function lacking(config: Config): Promise<readonly Check[]> {
  if (!hasBooks(config.dataDir)) return [];
  const complaint = await lackingBooks(config).catch(() => null);
  return complaint === null
    ? []
    : [
        wrong(
          'books',
          complaint,
          'See "The books stand behind" in the runbook; stop tail and backups first.',
        ),
      ];
}
