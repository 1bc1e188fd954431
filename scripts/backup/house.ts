import { BUILD } from '../../server/ports/build.ts';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backupFolder, holdBooks, type HeldBooks } from '../../server/compose/backups.ts';
import { bucketOf } from '../../server/compose/bucket.ts';
import type { Config } from '../../server/config.ts';
import { OWN_COMMAND } from '../../server/compose/places.ts';
import { isFailure, messageOf } from '../../server/ports/failure.ts';
import { misused } from '../command-line/failure.ts';
import {
  copyDatabase,
  describeCopy,
  hashInCopy,
  makeBooks,
  migrateCopy,
  pendingMigrations,
} from '../../server/store/copy.ts';
import { lockDirectory } from '../../server/store/directory-lock.ts';
import { openCopyHistory } from '../../server/store/open-history.ts';
import { DATABASE_FILE, hasBooks } from '../../server/store/store.ts';
import { SqliteTailTarget } from '../../server/store/tail-target.ts';
import { DirectoryStore, makeDurably } from '../../server/upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import type { DatabaseRestorer } from '../../server/upkeep/backup/restore.ts';
import type { DatabaseCopier, SnapshotOptions } from '../../server/upkeep/backup/snapshot.ts';
import { checkLedger, type IntegrityReport } from '../../server/upkeep/integrity.ts';
import type { Anchor } from '../../server/upkeep/integrity/walk.ts';

/** The parts of a backup, put together from the settings. */
export interface BackupHouse {
  readonly database: string;
  readonly backupDir: string;
  readonly local: DirectoryStore;
  /** Null where backups stay on this machine. */
  readonly remote: ObjectStore | null;
  readonly copier: DatabaseCopier;
  readonly restorer: DatabaseRestorer;
  /** The live books, to hold snapshots and segments against. @throws Error where there are none. */
  readonly hold: () => HeldBooks;
  readonly options: SnapshotOptions;
}

export function backupHouse(config: Config): BackupHouse {
  const backupDir = backupFolder(config);
  const database = join(config.dataDir, DATABASE_FILE);
  const remote = bucketOf(config);
  return {
    database,
    backupDir,
    local: new DirectoryStore(backupDir),
    remote,
    copier: {
      copy: (target, written) => copyDatabase(database, target, [...OWN_COMMAND, 'copy-database'], written),
      describe: describeCopy,
      hold: () => holdBooks(config.dataDir),
      hashOf: hashInCopy,
      check: async (path, progressed) => {
        const [pending] = pendingMigrations(path);
        if (pending !== undefined)
          throw new Error(
            `the database lacks migration ${pending} of this ` +
              'version: start the server of this version first',
          );
        const report = await checkCopy(path, config.maxGapMs, new Map(), progressed);
        const [violation] = report.violations;
        if (violation !== undefined)
          throw new Error(
            `the copy failed verification and is not a backup: ${violation.check}, ${violation.place}: ` +
              `${violation.detail}`,
          );
        return { bets: report.counts.bets, durationMs: report.durationMs };
      },
    },
    restorer: {
      open: (path) => new SqliteTailTarget(path),
      houseOf: (path) => describeCopy(path).house,
      check: (path, anchors, progressed) => {
        // A backup may be older than this version.
        migrateCopy(path, Date.now());
        return checkCopy(path, config.maxGapMs, anchors, progressed);
      },
      finish: (path) => {
        makeBooks(path);
        flush(path);
      },
    },
    hold: () => holdBooks(config.dataDir),
    options: { source: database, backupDir, version: BUILD.version, now: Date.now, remote },
  };
}

/**
 * Makes this process the only one that does `job` there. @throws Error when another one does, or the folder
 * cannot be locked.
 */
export const lockJob = (backupDir: string, job: string): { release(): void } =>
  lockFolder(join(backupDir, 'locks', job), `another tapgrid backup ${job} is running in ${backupDir}`);

/** Rest between two looks at whether another one is done, and for how long one waits for it. */
const LOCK_REST_MS = 250;
const LOCK_MS_MAX = 10 * 60_000;

/**
 * The same, but waits for another process to finish. A tail that starts takes a snapshot as the hourly job
 * does, and neither has failed because the other was first.
 * @param say gets one line if it has to wait.
 */
export async function lockJobInTurn(
  backupDir: string,
  job: string,
  say: (line: string) => void,
): Promise<{ release(): void }> {
  const until = performance.now() + LOCK_MS_MAX;
  for (let isWaiting = false; ; isWaiting = true) {
    try {
      return lockJob(backupDir, job);
    } catch (cause) {
      const isTaken = isFailure((cause as Error).cause, 'directory_in_use');
      if (!isTaken || performance.now() > until) throw cause;
      if (!isWaiting) say(`${messageOf(cause)}: waiting for it`);
      await Bun.sleep(LOCK_REST_MS);
    }
  }
}

/**
 * @param inUse what is said when another process has it; a disk that is full or a folder of somebody else is
 * reported as such.
 */
export function lockFolder(folder: string, inUse: string): { release(): void } {
  makeDurably(folder);
  try {
    return lockDirectory(folder);
  } catch (cause) {
    throw new Error(
      isFailure(cause, 'directory_in_use') ? inUse : `${folder} cannot be locked: ${messageOf(cause)}`,
      { cause },
    );
  }
}

async function checkCopy(
  path: string,
  maxGapMs: number,
  anchors: ReadonlyMap<number, readonly Anchor[]>,
  progressed: (part: number, detail: string) => void,
): Promise<IntegrityReport> {
  const history = openCopyHistory(path);
  try {
    return await checkLedger(
      history,
      { maxGapMs, since: null, anchors, pages: true, signatures: false },
      { now: Date.now, steady: () => performance.now() },
      (stage, part, detail) => progressed(part, `${stage} ${detail}`),
    );
  } finally {
    history.close();
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** @throws CommandFailure `no_books` where there is nothing to back up yet, with exit code 2. */
export function expectBooks({ database }: Pick<BackupHouse, 'database'>): void {
  if (!hasBooks(dirname(database)))
    throw misused('no_books', `There are no books in ${dirname(database)} (DATA_DIR).`);
}
