import { Database } from 'bun:sqlite';
import { openReaderDatabase } from './database.ts';
import { SqliteHistory } from './history.ts';

/** The history of the live file; a server may be writing to it. @throws Error when it cannot be opened. */
export const openHistory = (path: string): SqliteHistory => new SqliteHistory(openReaderDatabase(path));

/**
 * The history of a copy that nobody writes to and that is in no WAL mode. @throws Error when it cannot be
 * opened.
 */
export const openCopyHistory = (path: string): SqliteHistory => new SqliteHistory(openCopy(path));

/** A file that nobody else has open. It stays as it is. */
export function openCopy(path: string): Database {
  const db = new Database(path, { readonly: true, strict: true });
  try {
    for (const pragma of [
      'trusted_schema = OFF',
      'cell_size_check = ON',
      'mmap_size = 0',
      'query_only = ON',
      'temp_store = MEMORY',
      'cache_size = -65536',
    ])
      db.run(`PRAGMA ${pragma}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
