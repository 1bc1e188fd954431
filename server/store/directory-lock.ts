import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { Failure, systemCodeOf } from '../ports/failure.ts';

export const LOCK_FILE = 'lock.db';

export interface DirectoryLock {
  release(): void;
}

/**
 * Locks that are held. The collector closes a connection that nobody refers to, and with it the lock would be
 * gone while its owner is at work.
 */
const held = new Set<Database>();

/**
 * Makes this process the only one on the data directory. The lock is an exclusive transaction that stays open
 * on a small database of its own, so the operating system holds it and releases it when the process dies,
 * however it dies.
 * @throws Failure `directory_in_use` when another store has it.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const db = new Database(join(directory, LOCK_FILE), { create: true, readwrite: true, strict: true });
  try {
    db.run('PRAGMA busy_timeout = 0');
    db.run('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (systemCodeOf(error) !== 'SQLITE_BUSY') throw error;
    throw new Failure('directory_in_use', `the data folder ${directory} is in use by another server`, {
      cause: error,
    });
  }
  held.add(db);
  return {
    release(): void {
      held.delete(db);
      if (db.inTransaction) db.run('ROLLBACK');
      db.close();
    },
  };
}

/**
 * Whether a process has the data directory; it is only looked at. @throws when there is no such directory, or
 * no store ever was in it.
 */
export function isDirectoryLocked(directory: string): boolean {
  const db = new Database(join(directory, LOCK_FILE), { readonly: true });
  try {
    db.query('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (systemCodeOf(error) === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    db.close();
  }
}
