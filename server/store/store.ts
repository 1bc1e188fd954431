import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExposureCaps } from '../game/exposure.ts';
import type { Currency, Micros } from '../game/money.ts';
import { Failure } from '../ports/failure.ts';
import type { LedgerPort } from '../ports/ledger.ts';
import { DATABASE_FILE } from './books-files.ts';
import { migrateHistory } from './archive/week-files.ts';
import { WholeBooks } from './archive/whole-books.ts';
import type { SqliteBooks } from './books-reader.ts';
import type { WriterOptions } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { openLedgerInProcess, openWriter } from './writer.ts';

export { DATABASE_FILE };

export interface StoreOptions extends WriterOptions {
  readonly dataDir: string;
  readonly caps: ExposureCaps;
  /** First money of the house of each currency; a house that ever had money keeps what it has. */
  readonly bankrolls: Readonly<Record<Currency, Micros>>;
  /** Now, UTC epoch ms. */
  readonly at: number;
  /** Makes books where there are none; left out, it does. */
  readonly mayCreate?: boolean;
  /** Commit on the caller's thread: for simulations, where it is faster. */
  readonly inProcess?: boolean;
}

export interface Store {
  readonly ledger: LedgerPort;
  readonly books: SqliteBooks;
  /** Ends the writer once it has finished its work, moves the WAL into the file, and releases the folder. */
  close(): Promise<void>;
}

/** Whether a data folder has books. An empty file is none: SQLite would make new ones of it. */
export function hasBooks(dataDir: string): boolean {
  const path = join(dataDir, DATABASE_FILE);
  return existsSync(path) && statSync(path).size > 0;
}

/**
 * Opens the data directory, which is made when it is not there, for this process alone.
 * @throws Failure `directory_in_use` when another process has it, `no_books` when there are none and none are
 *   to be made; Error when the file cannot be used or its migrations do not fit.
 */
export async function openStore({
  dataDir,
  caps,
  bankrolls,
  at,
  mayCreate = true,
  inProcess = false,
  simulationWithoutFsync = false,
}: StoreOptions): Promise<Store> {
  if (!mayCreate && !hasBooks(dataDir)) throw new Failure('no_books', `there are no books in ${dataDir}`);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // The directory may have stood there before, open to others.
  chmodSync(dataDir, 0o700);
  const lock = lockDirectory(dataDir);
  let ledger: LedgerPort | undefined;
  try {
    const path = join(dataDir, DATABASE_FILE);
    const options = { path, caps, bankrolls, at, mayCreate, simulationWithoutFsync };
    ledger = inProcess ? openLedgerInProcess(options) : await openWriter(options);
    migrateHistory(dataDir, at);
    const books = new WholeBooks(path);
    return { ledger, books, close: closing(ledger, books, lock.release) };
  } catch (error) {
    await ledger?.close();
    lock.release();
    throw error;
  }
}

/** The reader first: while it is open the last checkpoint cannot empty the WAL. */
function closing(ledger: LedgerPort, books: SqliteBooks, release: () => void): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    books.close();
    closed ??= ledger.close().finally(release);
    return closed;
  };
}
