import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../server/config.ts';
import type { HistoryFile, SealedSegment } from '../../server/ports/archive.ts';
import { manifestKeyOf } from '../../server/upkeep/archive/manifest.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import { bucketOf } from '../../server/compose/bucket.ts';

/** Where segments lie besides the weeks of `DATA_DIR/history`. */
export interface Places {
  /** New segments go there: the bucket, else BACKUP_DIR, else the data folder itself. */
  readonly store: ObjectStore;
  /** Where segments were put under earlier settings; the next run carries them over. */
  readonly earlier: readonly ObjectStore[];
  /** Null for a bucket. */
  readonly folder: string | null;
  /** The segments are lost with the disk of the books. */
  readonly onThisDisk: boolean;
  /** Weeks may leave the disk: somebody named another place for the segments. */
  readonly leavesDisk: boolean;
}

export function placesOf(config: Config): Places {
  const { dataDir, backupDir } = config;
  const bucket = bucketOf(config);
  const folders = [...(backupDir === null ? [] : [backupDir]), dataDir];
  const [first, ...rest] = [
    ...(bucket === null ? [] : [bucket]),
    ...folders.map((folder) => new DirectoryStore(folder)),
  ];
  const folder = bucket === null ? folders[0]! : null;
  return {
    store: first!,
    earlier: rest,
    folder,
    onThisDisk: folder !== null && diskOf(folder) === diskOf(dataDir),
    leavesDisk: bucket !== null || backupDir !== null,
  };
}

/** How many segments lie where. */
export interface Whereabouts {
  readonly segments: number;
  readonly inHistory: number;
  /** In the store's folder, the object and its manifest; null for a bucket, which is not asked. */
  readonly inStore: number | null;
  /** Numbers of those that are in no folder. */
  readonly missing: readonly number[];
  /** Numbers of those that are on this disk as a week alone. */
  readonly single: readonly number[];
}

/** Looks for the files alone; `tapgrid archive verify` reads them. */
export function whereabouts(
  { folder }: Places,
  sealed: readonly SealedSegment[],
  files: readonly HistoryFile[],
): Whereabouts {
  const history = new Set(files.flatMap(({ segments }) => segments));
  const stored = new Set(
    sealed.flatMap(({ number, objectKey }) =>
      folder === null || [objectKey, manifestKeyOf(objectKey)].every((key) => existsSync(join(folder, key)))
        ? [number]
        : [],
    ),
  );
  const numbers = sealed.map(({ number }) => number);
  return {
    segments: numbers.length,
    inHistory: numbers.filter((number) => history.has(number)).length,
    inStore: folder === null ? null : stored.size,
    missing: numbers.filter((number) => !stored.has(number) && !history.has(number)),
    single: numbers.filter((number) => !stored.has(number) && history.has(number)),
  };
}

/** One sentence on where archived bets are. */
export function whereText(
  { store, folder, onThisDisk }: Places,
  { segments, inHistory, inStore }: Whereabouts,
): string {
  const counts =
    segments === 0
      ? 'nothing is archived yet; segments go to'
      : `${segments} segments: ${inHistory} in DATA_DIR/history, ${inStore ?? segments} in`;
  const shared = onThisDisk ? ', on the same disk as the books: both are lost together' : '';
  return `${counts} ${store.name}${folder === null ? '' : '/archive'}${shared}`;
}

/** What an operator should know about the places; empty without problems. */
export const warningsOf = ({ onThisDisk, leavesDisk }: Places): string[] => [
  ...(onThisDisk
    ? ['the archive is on the same disk as the books: set BACKUP_DIR to another disk, or BACKUP_S3_BUCKET']
    : []),
  ...(leavesDisk ? [] : ['weeks stay on this disk for ever, as the second copy of archived bets']),
];

/** Of a folder that is not there yet, the disk that it will be on. */
function diskOf(folder: string): number {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.dev ?? (dirname(folder) === folder ? -1 : diskOf(dirname(folder)));
}
