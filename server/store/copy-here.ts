import { Database } from 'bun:sqlite';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { setPriority } from 'node:os';
import { canShrink, SHRINKABLE } from './database.ts';

const NICE = 10;
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Copies a database in this process, at low priority from now on, and flushes the copy to the disk, which
 * SQLite does not do. @throws Error of SQLite or the disk.
 */
export function copyHere(source: string, target: string): void {
  setPriority(NICE);
  const db = new Database(source, { readonly: true, strict: true });
  try {
    db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    db.run('PRAGMA cell_size_check = ON');
    db.run('PRAGMA trusted_schema = OFF');
    // The copy takes it over; the file itself is only read.
    if (!canShrink(db)) db.run(SHRINKABLE);
    db.query('VACUUM INTO ?').run(target);
  } finally {
    db.close();
  }
  const file = openSync(target, 'r');
  fsyncSync(file);
  closeSync(file);
}
