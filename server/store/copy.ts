import { Database } from 'bun:sqlite';
import { rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { allRows, firstRow } from './database.ts';
import { houseIdOf, nameHouse } from './house-id.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './migrator.ts';
import { openCopy } from './open-history.ts';
import { GENESIS_HASH, sha256 } from './proof/hash.ts';
import { newestNumber } from './row-statements.ts';
import { BETS } from './rows/bet.ts';
import { LEDGER } from './rows/entry.ts';
import { INTENTS } from './rows/intent.ts';
import { REVISIONS } from './rows/revision.ts';
import { TICKS } from './rows/tick.ts';

export interface CopyDescription {
  /** Which house it is of; null for books that no server of this version has opened yet. */
  readonly house: string | null;
  /** SHA-256 over names and hashes of the migrations that were applied. */
  readonly schema: string;
  readonly ledger: { readonly batch: number; readonly hash: string; readonly at: number };
  readonly ticks: { readonly seq: number; readonly hash: string };
  /** Highest number of each numbered table. */
  readonly numbers: {
    readonly bets: number;
    readonly ledger: number;
    readonly intents: number;
    readonly ticks: number;
    readonly revisions: number;
  };
}

const LOOK_EVERY_MS = 100;

/**
 * Copies a database that may be in use, as it is at one moment, in a child process of low priority. Nobody
 * waits for it: it holds a read transaction, during which the writer's log grows.
 * @param copying the command that does it, `tapgrid copy-database`, before its two words.
 * @param written told every so often how large the copy is.
 * @param end gives it up.
 * @throws Error with the child's words when it fails; nothing is left then.
 */
export async function copyDatabase(
  source: string,
  target: string,
  copying: readonly string[],
  written: (bytes: number) => void = () => {},
  end?: AbortSignal,
): Promise<void> {
  rmSync(target, { force: true });
  const child = Bun.spawn([...copying, source, target], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    ...(end && { signal: end }),
  });
  const looking = setInterval(() => {
    written(statSync(target, { throwIfNoEntry: false })?.size ?? 0);
    void flushed(target);
  }, LOOK_EVERY_MS);
  try {
    const words = await new Response(child.stderr).text();
    if ((await child.exited) === 0) return;
    rmSync(target, { force: true });
    const said = words.trim().slice(0, 2000) || `the child ended by ${child.signalCode ?? child.exitCode}`;
    throw new Error(`the copy of ${source} failed: ${said}`);
  } finally {
    clearInterval(looking);
    if (child.exitCode === null) child.kill();
  }
}

/**
 * Sends what was written so far on its way: one large flush at the end would make the writer's small ones
 * wait.
 */
async function flushed(target: string): Promise<void> {
  const file = await open(target, 'r').catch(() => null);
  if (file === null) return;
  await file.datasync().catch(() => {});
  await file.close();
}

/** What a copy holds, or the live file within one snapshot. */
export function describe(db: Database): CopyDescription {
  const ledger = firstRow<{ batch: number; hash: string; at: number }>(
    db,
    'SELECT seq AS batch, hash, at FROM batches ORDER BY seq DESC LIMIT 1',
  );
  const ticks = firstRow<{ seq: number; hash: string }>(
    db,
    'SELECT seq, hash FROM ticks WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1',
  );
  return {
    house: houseIdOf(db),
    schema: schemaOf(db),
    ledger: ledger ?? { batch: 0, hash: GENESIS_HASH, at: 0 },
    ticks: ticks ?? { seq: 0, hash: GENESIS_HASH },
    numbers: {
      bets: newestNumber(db, BETS),
      ledger: newestNumber(db, LEDGER),
      intents: newestNumber(db, INTENTS),
      ticks: newestNumber(db, TICKS),
      revisions: newestNumber(db, REVISIONS),
    },
  };
}

export function describeCopy(path: string): CopyDescription {
  const db = openCopy(path);
  try {
    return describe(db);
  } finally {
    db.close();
  }
}

/** Hash of a batch in a copy; null when it is not there. */
export function hashInCopy(path: string, batch: number): string | null {
  const db = openCopy(path);
  try {
    return firstRow<{ hash: string }>(db, 'SELECT hash FROM batches WHERE seq = $1', batch)?.hash ?? null;
  } finally {
    db.close();
  }
}

/**
 * Brings a copy that nobody else has open to the schema of this version, as a start of the server would.
 * @throws Error when its migrations are not ours.
 */
export function migrateCopy(path: string, at: number): void {
  const db = new Database(path, { readwrite: true, create: false, strict: true });
  try {
    db.run('PRAGMA foreign_keys = ON');
    migrate(db, MIGRATIONS, at);
    nameHouse(db);
  } finally {
    db.close();
  }
}

/** Makes a copy books that jobs read and a server writes: in WAL mode, and still one file. */
export function makeBooks(path: string): void {
  const db = new Database(path, { readwrite: true, create: false, strict: true });
  try {
    db.run('PRAGMA journal_mode = WAL');
  } finally {
    db.close(true);
  }
}

/** Migrations of this version that the file has not had; only a start of the server applies them. */
export function pendingMigrations(path: string): string[] {
  const db = openCopy(path);
  try {
    const applied = new Set(
      allRows<{ name: string }>(db, 'SELECT name FROM migrations').map(({ name }) => name),
    );
    return MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
  } finally {
    db.close();
  }
}

const schemaOf = (db: Database): string =>
  sha256(
    allRows<{ name: string; hash: string }>(db, 'SELECT name, hash FROM migrations ORDER BY name')
      .map(({ name, hash }) => `${name} ${hash}`)
      .join('\n'),
  );
