import { Database } from 'bun:sqlite';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Copies the first argument to the second and flushes the copy to the disk, which SQLite does not do. */
const [source, target] = process.argv.slice(2) as [string, string];
const NICE = 10;
const BUSY_TIMEOUT_MS = 5_000;

setPriority(NICE);
try {
  const db = new Database(source, { readonly: true, strict: true });
  db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.run('PRAGMA cell_size_check = ON');
  db.run('PRAGMA trusted_schema = OFF');
  db.query('VACUUM INTO ?').run(target);
  db.close();
  const file = openSync(target, 'r');
  fsyncSync(file);
  closeSync(file);
} catch (error) {
  // The parent tells it to an operator.
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
