import { chownSync, constants, existsSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { backupFolder, holdBooks } from '../../server/compose/backups.ts';
import type { Config } from '../../server/config.ts';
import { JOBS } from '../../server/http/metric-names.ts';
import { JOB_AGE_MS_MAX } from '../../server/ports/operations.ts';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { SqliteWeekFiles } from '../../server/store/archive/week-files.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { DATABASE_FILE, hasBooks } from '../../server/store/store.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { holeIn } from '../../server/upkeep/backup/tail-hole.ts';
import { diskBytes } from '../../server/upkeep/disk.ts';
import { JOBS_FOLDER, jobStates } from '../../server/upkeep/jobs.ts';
import { readTextfile } from '../../server/upkeep/textfile.ts';
import { placesOf, whereabouts, whereText } from '../archive/places.ts';
import { inChapter, safely, warn, well, wrong, type Check, mayAccess } from './check.ts';
import { isActive, type Asks } from './units.ts';

const HOUR_MS = 3_600_000;
/** A snapshot is the books and, beside them while it is made, their compressed copy. */
const ROOM_PER_BOOKS = 1.5;
const ROOM_TO_SPARE = 4;
const TAIL_AGE_S_MAX = 60;
const BACKUP_UNIT = 'tapgrid-backup.service';

/** Where backups go, and whether there is room for the next. */
export function backups(config: Config, ask: Asks): Check {
  const { backupDir, backupS3Bucket, dataDir } = config;
  const places = [backupDir, backupS3Bucket].filter((one) => one !== null).join(' and ');
  if (backupDir !== null) {
    const fault = folderFault(backupDir, dataDir);
    if (fault !== null) return fault;
    if (!unitsMayWrite(backupDir, ask))
      return wrong(
        'backups',
        `${backupDir} is closed to the units, whose sandbox does not name it`,
        'Run /opt/tapgrid/current/deploy/provision.sh, then systemctl restart tapgrid tapgrid-tail.',
      );
  }
  const room = roomFault(config);
  if (room !== null) return room;
  if (backupDir === null)
    return backupS3Bucket === null
      ? warn(
          'backups',
          'they stay on the same disk as the books',
          'Set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET.',
        )
      : well('backups', places);
  const sameDisk = safely(() => statSync(dataDir).dev === statSync(backupDir).dev);
  return sameDisk && backupS3Bucket === null
    ? warn(
        'backups',
        `${backupDir} is on the same disk as the books: both are lost together`,
        'Set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET.',
      )
    : well('backups', places);
}

function folderFault(backupDir: string, dataDir: string): Check | null {
  const found = safely(() => statSync(backupDir, { throwIfNoEntry: false }));
  if (found === null)
    return wrong(
      'backups',
      `this user may not look at ${backupDir}`,
      'Run this as root, or as the user of the server.',
    );
  if (found === undefined)
    return wrong(
      'backups',
      `${backupDir} does not exist`,
      `Is its disk mounted? If so: install -d -m 0700 -o tapgrid -g tapgrid ${backupDir}`,
      existsSync(dirname(backupDir))
        ? { says: `install -d -m 0700 ${backupDir}`, carryOut: () => makeLike(backupDir, dataDir) }
        : undefined,
    );
  if (!found.isDirectory()) return wrong('backups', `${backupDir} is not a folder`, 'Check BACKUP_DIR.');
  const { uid, gid } = safely(() => statSync(dataDir)) ?? found;
  if (process.getuid?.() === 0 && !mayWrite(found, uid, gid))
    return wrong(
      'backups',
      `${backupDir} belongs to user ${found.uid}; user ${uid}, who owns the books, cannot write to it`,
      `chown ${uid}:${gid} ${backupDir}`,
      {
        says: `chown ${uid}:${gid} ${backupDir}`,
        carryOut: () => chownSync(backupDir, uid, gid),
      },
    );
  return !mayAccess(backupDir, constants.W_OK | constants.X_OK)
    ? wrong(
        'backups',
        `${backupDir} cannot be written by this user`,
        'Check the owner of BACKUP_DIR, or run this as root.',
      )
    : null;
}

/** Whether the sandbox of the backup's unit leaves the folder open; yes where there is no such unit. */
function unitsMayWrite(backupDir: string, ask: Asks): boolean {
  const paths = ask(['systemctl', 'show', BACKUP_UNIT, '--value', '--property=ReadWritePaths'])?.trim();
  if (!paths) return true;
  return (
    [...paths.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)]
      // As a shell would read it: a $ in a path is quoted, and has a backslash before it.
      .map(([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain!)
      .map((path) => path.replace(/^[-+]+/, ''))
      .some((path) => backupDir === path || backupDir.startsWith(`${path.replace(/\/$/, '')}/`))
  );
}

/** Root may do everything, and says nothing about the user of the jobs. */
const mayWrite = ({ mode, ...folder }: Stats, uid: number, gid: number): boolean =>
  uid === 0 || ((mode >> (folder.uid === uid ? 6 : folder.gid === gid ? 3 : 0)) & 0o3) === 0o3;

/** Owned by the owner of the books, whichever user creates it. */
function makeLike(folder: string, dataDir: string): void {
  mkdirSync(folder, { mode: 0o700 });
  const { uid, gid } = statSync(dataDir);
  if (process.getuid?.() === 0) chownSync(folder, uid, gid);
}

function roomFault(config: Config): Check | null {
  const folder = backupFolder(config);
  const books = safely(() => statSync(join(config.dataDir, DATABASE_FILE)).size);
  const disk = safely(() => diskBytes(existsSync(folder) ? folder : config.dataDir));
  if (books === null || disk === null) return null;
  const free = disk.totalBytes - disk.usedBytes;
  const says = `${gibibytes(free)} GiB are free for backups of books of ${gibibytes(books)} GiB`;
  const todo = 'Remove old snapshots (tapgrid backup prune), or use a larger disk for BACKUP_DIR.';
  if (free < books * ROOM_PER_BOOKS) return wrong('backups', `no space: ${says}`, todo);
  return free < books * ROOM_TO_SPARE ? warn('backups', says, todo) : null;
}

const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

/** How far what is shipped between snapshots is behind. @param runs a server that commits. */
export function tail({ dataDir }: Config, runs: boolean): readonly Check[] {
  const report = join(dataDir, JOBS_FOLDER, 'tail.prom');
  const sentAt = readTextfile(report, 'tapgrid_tail_last_sent_timestamp_seconds');
  const todo = 'systemctl restart tapgrid-tail, then journalctl -u tapgrid-tail -n 20.';
  if (!runs) return [];
  if (sentAt === null)
    return existsSync(join(dataDir, JOBS_FOLDER))
      ? [warn('tail', 'never shipped anything: commits since the last snapshot are only on this disk', todo)]
      : [];
  const ageS = Math.max(0, Math.round(Date.now() / 1000 - sentAt));
  return [
    ageS > TAIL_AGE_S_MAX
      ? wrong('tail', `${ageS} s behind: newer commits are only on this disk`, todo)
      : well('tail', `${ageS} s behind`),
  ];
}

/** What a restore from the folder would lack, although everything was shipped. */
export async function tailHole(config: Config): Promise<readonly Check[]> {
  const hole = await holeOf(config).catch(messageOf);
  return hole === null
    ? []
    : [
        wrong(
          'tail',
          `${hole}: a restore would stop before it`,
          'systemctl restart tapgrid-tail: it takes a snapshot and continues from there.',
        ),
      ];
}

async function holeOf(config: Config): Promise<string | null> {
  if (!hasBooks(config.dataDir)) return null;
  const own = safely(() => holdBooks(config.dataDir));
  if (own === null) return null;
  try {
    return await holeIn(new DirectoryStore(backupFolder(config)), own);
  } finally {
    own.close();
  }
}

export const jobs = ({ dataDir }: Config, ask: Asks): readonly Check[] =>
  jobStates(dataDir, JOBS).map(({ job, lastSuccessAt, ok }) => {
    const name = job as (typeof JOBS)[number];
    const hours = lastSuccessAt === null ? null : Math.round((Date.now() - lastSuccessAt) / HOUR_MS);
    if (ok === false)
      return inChapter(
        'TapgridJobFailed',
        wrong(name, 'the last run failed', `journalctl -u tapgrid-${job} -n 50`),
      );
    if (hours === null) return neverRan(name, ask);
    return Date.now() - lastSuccessAt! > JOB_AGE_MS_MAX[name]
      ? wrong(
          name,
          `last success ${hours} h ago`,
          `systemctl status tapgrid-${job}.timer tapgrid-${job}.service`,
        )
      : well(name, `last success ${hours} h ago`);
  });

/** A timer that waits needs nothing but time, or a run by hand. */
function neverRan(name: (typeof JOBS)[number], ask: Asks): Check {
  return isActive(ask, `tapgrid-${name}.timer`)
    ? warn(
        name,
        'has not run yet; its timer waits',
        `Nothing, or run it now: systemctl start tapgrid-${name}.`,
      )
    : warn(name, 'never ran', `systemctl enable --now tapgrid-${name}.timer`);
}

/** Where archived bets are, by the files alone. */
export function history(config: Config): Check {
  if (!hasBooks(config.dataDir)) return well('history', 'nothing yet: there are no books');
  const places = placesOf(config);
  const found = safely(() => {
    const source = new SqliteArchiveSource(join(config.dataDir, DATABASE_FILE));
    try {
      return whereabouts(places, source.segments(), new SqliteWeekFiles(config.dataDir).files());
    } finally {
      source.close();
    }
  });
  if (found === null)
    return warn('history', 'unknown, because the books cannot be read', 'Fix the database first.');
  const says = whereText(places, found);
  if (found.missing.length > 0)
    return wrong(
      'history',
      `${says}; segments ${found.missing.join(', ')} are missing in every place`,
      'Copy them back from another copy of that folder; tapgrid archive verify says what is wrong.',
    );
  if (found.single.length > 0)
    return warn(
      'history',
      `${says}; segments ${found.single.join(', ')} are in only one place`,
      'tapgrid archive run copies what other places have; tapgrid archive verify lists the rest.',
    );
  return places.onThisDisk
    ? warn('history', says, 'Set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET.')
    : well('history', says);
}
