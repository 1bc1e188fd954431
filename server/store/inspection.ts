import { Database } from 'bun:sqlite';
import { checkSqliteVersion, one, openReaderDatabase, prepare } from './database.ts';
import { houseIdOf } from './house-id.ts';
import { MIGRATIONS } from './migrations.ts';
import { sha256 } from './proof/hash.ts';

export interface Inspection {
  /**
   * Migrations that this version has and the file has not, and those that the file has and this version has
   * not, or has otherwise.
   */
  readonly pending: readonly string[];
  readonly strange: readonly string[];
  /** Which house it is of; null for books of before houses had ids. */
  readonly house: string | null;
  /** Heads of both chains; zeros where nothing is. */
  readonly batch: number;
  readonly batchAt: number;
  readonly tickSeq: number;
  readonly tickAt: number;
}

/**
 * Looks at a database file without changing it; a server may be writing to it. @throws Error when it cannot
 * be opened.
 */
export function inspectStore(path: string): Inspection {
  const db = openReaderDatabase(path);
  try {
    const applied = new Map(
      prepare<{ name: string; hash: string }>(db, 'SELECT name, hash FROM migrations')
        .all()
        .map(({ name, hash }) => [name, hash]),
    );
    const pending = MIGRATIONS.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
    const strange = [...applied]
      .filter(
        ([name, hash]) =>
          !MIGRATIONS.some((migration) => migration.name === name && sha256(migration.sql) === hash),
      )
      .map(([name]) => name);
    const head = prepare<{ seq: number; at: number }>(
      db,
      'SELECT seq, at FROM batches ORDER BY seq DESC LIMIT 1',
    ).get();
    const tick = prepare<{ seq: number; at: number }>(
      db,
      'SELECT seq, at FROM ticks ORDER BY seq DESC LIMIT 1',
    ).get();
    return {
      pending,
      strange,
      house: houseIdOf(db),
      batch: head?.seq ?? 0,
      batchAt: head?.at ?? 0,
      tickSeq: tick?.seq ?? 0,
      tickAt: tick?.at ?? 0,
    };
  } finally {
    db.close();
  }
}

/**
 * The first thing that is wrong with the pages of a file; null when nothing is. Reads all of it, and holds
 * back the checkpoint meanwhile. @throws Error when it cannot be opened.
 */
export function pagesFault(path: string): string | null {
  const db = openReaderDatabase(path);
  try {
    const { quick_check: said } = one<{ quick_check: string }>(db, 'PRAGMA quick_check(1)');
    return said === 'ok' ? null : said;
  } finally {
    db.close();
  }
}

/** The version of SQLite inside this Bun. @throws Error when it is too old. */
export function sqliteVersion(): string {
  const db = new Database(':memory:');
  try {
    const { version } = one<{ version: string }>(db, 'SELECT sqlite_version() AS version');
    checkSqliteVersion(version);
    return version;
  } finally {
    db.close();
  }
}
