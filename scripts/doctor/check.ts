import { accessSync } from 'node:fs';
/**
 * Every check, causes before their consequences: they are reported in this order. The runbook's table of
 * faults names them too.
 */
export const CHECKS = [
  'bun',
  'sqlite',
  'settings',
  'data',
  'disk',
  'database',
  'migrations',
  'books',
  'secrets',
  'clock',
  'installed',
  'firewall',
  'unit',
  'server',
  'edges',
  'redis',
  'feed',
  'hold',
  'chains',
  'operations',
  'files',
  'proxy',
  'backups',
  'timers',
  'tail',
  'history',
  'backup',
  'integrity',
  'archive',
  'token',
  'origin',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** What a check fails with: where one of these is wrong, it may be nothing but a consequence. */
export const FOLLOWS_FROM: Readonly<Partial<Record<CheckName, readonly CheckName[]>>> = {
  database: ['data'],
  migrations: ['database'],
  unit: ['settings', 'data', 'disk', 'database', 'migrations', 'secrets', 'installed'],
  server: ['settings', 'data', 'disk', 'database', 'migrations', 'books', 'clock', 'unit'],
  edges: ['settings', 'data', 'disk', 'database', 'installed', 'unit', 'server'],
  feed: ['clock', 'server'],
  hold: ['feed'],
  chains: ['data', 'disk', 'clock', 'unit', 'server', 'feed'],
  operations: ['server'],
  proxy: ['installed'],
  timers: ['installed'],
  tail: ['data', 'database', 'books', 'backups', 'timers'],
  history: ['data', 'database'],
  backup: ['data', 'disk', 'database', 'books', 'backups', 'timers'],
  integrity: ['data', 'database', 'timers'],
  archive: ['data', 'database', 'backups', 'timers', 'integrity'],
};

/** The chapter of the runbook about each, where a check names no other. */
export const CHAPTERS: Readonly<Partial<Record<CheckName, string>>> = {
  settings: 'TapgridRestarting',
  data: 'TapgridBooksGone',
  disk: 'TapgridDiskFilling',
  database: 'TapgridLedgerViolation',
  migrations: 'Upgrade',
  books: 'The books stand behind',
  secrets: 'Key rotation',
  clock: 'TapgridClockOff',
  installed: 'Upgrade',
  firewall: 'The packet filter',
  unit: 'TapgridDown',
  server: 'TapgridDown',
  edges: 'TapgridEdgesLost',
  redis: 'TapgridRedisAway',
  feed: 'TapgridPriceStale',
  hold: 'TapgridHoldShort',
  chains: 'TapgridPriceStale',
  operations: 'TapgridUnwatched',
  files: 'TapgridOpenFiles',
  proxy: 'TapgridDown',
  backups: 'TapgridBackupDiskFull',
  timers: 'TapgridBackupOld',
  tail: 'TapgridTailBehind',
  history: 'TapgridArchiveOld',
  backup: 'TapgridBackupOld',
  integrity: 'TapgridIntegrityOld',
  archive: 'TapgridArchiveOld',
  token: 'By hand',
  origin: 'Rename the house',
};

/** What `doctor --fix` does about something: nothing that could lose a byte or a bet. */
export interface Fix {
  /** What is done, as a command line where there is one. */
  readonly says: string;
  /** @throws Error where it cannot be done. */
  readonly carryOut: () => unknown;
}

/** One thing that was looked at. `todo` is there unless no problems. */
export interface Check {
  readonly name: CheckName;
  readonly state: 'well' | 'warn' | 'wrong';
  readonly says: string;
  readonly todo?: string;
  /** Of the runbook. */
  readonly chapter?: string;
  readonly fix?: Fix;
  /** A check that is wrong and may be the reason for this one. */
  readonly follows?: CheckName;
}

export const well = (name: CheckName, says: string): Check => ({ name, state: 'well', says });
export const warn = (name: CheckName, says: string, todo: string, fix?: Fix): Check =>
  faulty('warn', name, says, todo, fix);
export const wrong = (name: CheckName, says: string, todo: string, fix?: Fix): Check =>
  faulty('wrong', name, says, todo, fix);

function faulty(state: 'warn' | 'wrong', name: CheckName, says: string, todo: string, fix?: Fix): Check {
  const chapter = CHAPTERS[name];
  return { name, state, says, todo, ...(chapter !== undefined && { chapter }), ...(fix && { fix }) };
}

/** The same, where another chapter of the runbook is about it. */
export const inChapter = (chapter: string, check: Check): Check => ({ ...check, chapter });

/** What a look found, or null when it could not be taken. */
export function safely<Found>(look: () => Found): Found | null {
  try {
    return look();
  } catch {
    return null;
  }
}

/** Whether this user may do so with what is there. @param mode bits of `constants` of node:fs */
export const mayAccess = (path: string, mode: number): boolean =>
  safely(() => {
    accessSync(path, mode);
    return true;
  }) === true;
