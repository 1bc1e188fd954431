import type { Database, Statement } from 'bun:sqlite';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openReaderDatabase, openWriterDatabase, prepare, type Binding } from '../database.ts';
import type { AccountEndRow } from '../rows/account.ts';
import { HISTORY_FOLDER } from './history-files.ts';

const FILE = 'accounts.db';
const CACHE_KIB = 1_024;
const SCHEMA = `CREATE TABLE IF NOT EXISTS standings (
    account_id text NOT NULL,
    segment integer NOT NULL,
    balance integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (account_id, segment)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS segments (number integer PRIMARY KEY NOT NULL) STRICT`;

/** How an account stood at the end of a segment that moved it. */
export interface AccountEnd {
  readonly segment: number;
  readonly balance: number;
  readonly version: number;
}

/**
 * Notes which accounts a segment moved. All of it stands in the segments too: a lost index is made again from
 * them by the next run of the archiver.
 */
export function indexAccounts(dataDir: string, segment: number, accounts: readonly AccountEndRow[]): void {
  const db = openIndex(dataDir);
  try {
    const insert = prepare(
      db,
      `INSERT INTO standings (account_id, segment, balance, version) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING`,
    );
    db.run('BEGIN IMMEDIATE');
    try {
      for (const { id, balance, version } of accounts) insert.run(id, segment, balance, version);
      prepare(db, 'INSERT INTO segments (number) VALUES ($1) ON CONFLICT DO NOTHING').run(segment);
      db.run('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.run('ROLLBACK');
      throw error;
    }
    db.run('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** Numbers of the segments that are in the index. */
export function indexedSegments(dataDir: string): ReadonlySet<number> {
  const db = openIndex(dataDir);
  try {
    return new Set(
      prepare<{ number: number }>(db, 'SELECT number FROM segments')
        .all()
        .map(({ number }) => number),
    );
  } finally {
    db.close();
  }
}

/** The index as the books read it; one that is not there yet has nothing. */
export class AccountIndex {
  readonly #path: string;
  #db: Database | null = null;
  #ofAccount: Statement<AccountEnd, Binding[]> | null = null;
  #segments: Statement<{ number: number }, Binding[]> | null = null;

  constructor(dataDir: string) {
    this.#path = join(dataDir, HISTORY_FOLDER, FILE);
  }

  /** The newest first. */
  ofAccount(id: string): readonly AccountEnd[] {
    if (this.#ofAccount === null && existsSync(this.#path)) this.#open();
    return this.#ofAccount?.all(id) ?? [];
  }

  /** Numbers of the segments that are in it: of any other it does not say whom it moved. */
  segments(): ReadonlySet<number> {
    if (this.#segments === null && existsSync(this.#path)) this.#open();
    return new Set(this.#segments?.all().map(({ number }) => number));
  }

  close(): void {
    this.#ofAccount?.finalize();
    this.#segments?.finalize();
    this.#db?.close();
  }

  /** One that is being made at this moment is read at the next question. */
  #open(): void {
    let db: Database | null = null;
    try {
      db = openReaderDatabase(this.#path, CACHE_KIB);
      this.#ofAccount = prepare<AccountEnd>(
        db,
        'SELECT segment, balance, version FROM standings WHERE account_id = $1 ORDER BY segment DESC',
      );
      this.#segments = prepare<{ number: number }>(db, 'SELECT number FROM segments');
      this.#db = db;
    } catch {
      db?.close();
    }
  }
}

function openIndex(dataDir: string): Database {
  mkdirSync(join(dataDir, HISTORY_FOLDER), { recursive: true, mode: 0o700 });
  const db = openWriterDatabase(join(dataDir, HISTORY_FOLDER, FILE));
  db.run(SCHEMA);
  return db;
}
