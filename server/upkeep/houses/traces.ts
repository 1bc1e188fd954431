import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NOTED_HEAD_FILE } from '../noted-head.ts';

/** What says that a house was in a data folder: folders in it, and names in these. */
const TRACES: readonly (readonly [folder: string, names: readonly string[] | RegExp])[] = [
  ['', [NOTED_HEAD_FILE]],
  ['history', /^\d{4}-W\d\d.*\.db$/],
  ['archive', /^(?:plan\.json|[0-9a-f]{32})$/],
  ['archive/manifests', /\.json$/],
  ['backups/snapshots', /Z-\d/],
  ['jobs', /^(?:backup|integrity|archive)\.success$/],
  ['set-aside', /^tapgrid\.db/],
  ['restored', /^tapgrid\.db/],
];
/** Copies of the books that deploy.sh makes before an upgrade stand in folders of such names. */
const BEFORE_UPGRADE = /^before-/;
/** At most this many are listed. */
const LISTED_MAX = 5;

/** Some paths in a data folder without books that say that a house was in it; none in a fresh one. */
export function tracesIn(dataDir: string): string[] {
  const copies = namesIn(dataDir, (name) => BEFORE_UPGRADE.test(name)).map(
    (folder) => [folder, /^tapgrid\.db/] as const,
  );
  const found = [...TRACES, ...copies].flatMap(([folder, names]) =>
    namesIn(join(dataDir, folder), (name) =>
      names instanceof RegExp ? names.test(name) : names.includes(name),
    ).map((name) => join(folder, name)),
  );
  return [...(isFull(join(dataDir, WAL_FILE)) ? [WAL_FILE] : []), ...found].slice(0, LISTED_MAX);
}

const WAL_FILE = 'tapgrid.db-wal';

/** The log of a database that was never written to is empty. */
const isFull = (path: string): boolean => existsSync(path) && statSync(path).size > 0;

function namesIn(folder: string, isMeant: (name: string) => boolean): string[] {
  try {
    return readdirSync(folder).filter(isMeant).sort();
  } catch {
    return [];
  }
}
