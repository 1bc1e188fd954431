import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archive, houseIn } from '../../test/simulation/archiving.ts';
import { databaseOf, OldBooks, violations } from '../../test/simulation/archived-books.ts';
import { OWN_COMMAND } from '../compose/places.ts';
import { copyDatabase } from './copy.ts';
import { canShrink, openReaderDatabase, openWriterDatabase } from './database.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-shrinking-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An installation of before: its file keeps every page that it ever had. */
function madeOlder(dataDir: string): void {
  const db = new Database(databaseOf(dataDir), { readwrite: true });
  for (const sql of ['PRAGMA journal_mode = DELETE', 'PRAGMA auto_vacuum = NONE', 'VACUUM']) db.run(sql);
  db.close();
  openWriterDatabase(databaseOf(dataDir)).close();
}

const isShrinkable = (path: string): boolean => {
  const db = new Database(path, { readonly: true });
  try {
    return canShrink(db);
  } finally {
    db.close();
  }
};
const freePages = (dataDir: string): number => {
  const db = openReaderDatabase(databaseOf(dataDir));
  try {
    return db.query<{ free: number }, []>('SELECT freelist_count AS free FROM pragma_freelist_count').get()!
      .free;
  } finally {
    db.close();
  }
};

test('new books give what the archive took back to the disk, down to what is kept for the next, and hold', async () => {
  const books = new OldBooks(51, join(root, 'new'));
  await books.make();
  expect(isShrinkable(databaseOf(books.dataDir))).toBe(true);
  const before = books.seen(books.dataDir);
  const size = statSync(databaseOf(books.dataDir)).size;
  let ledger = books.open(books.dataDir);
  const report = await archive({ dataDir: books.dataDir, ledger, now: books.now });
  await ledger.close();
  expect(report.freedPages).toBeGreaterThan(0);
  const left = statSync(databaseOf(books.dataDir)).size;
  expect(left).toBe(size - report.freedPages * 4_096);
  expect(freePages(books.dataDir)).toBe(Math.ceil((left / 4_096 - freePages(books.dataDir)) * 0.1));
  expect(books.seen(books.dataDir)).toEqual(before);
  expect(violations(books.dataDir)).toEqual([]);
  // A run with nothing to do changes nothing.
  ledger = books.open(books.dataDir);
  expect((await archive({ dataDir: books.dataDir, ledger, now: books.now })).freedPages).toBe(0);
  await ledger.close();
}, 120_000);

test('books of before stay as they are, and can shrink once they were restored from a copy', async () => {
  const books = new OldBooks(53, join(root, 'old'));
  await books.make();
  madeOlder(books.dataDir);
  expect(isShrinkable(databaseOf(books.dataDir))).toBe(false);
  const house = houseIn(books.dataDir);
  const ledger = books.open(books.dataDir);
  expect((await archive({ dataDir: books.dataDir, ledger, now: books.now })).freedPages).toBe(0);
  await ledger.close();
  expect(violations(books.dataDir)).toEqual([]);
  const copy = join(root, 'copy.db');
  await copyDatabase(databaseOf(books.dataDir), copy, [...OWN_COMMAND, 'copy-database']);
  expect(isShrinkable(copy)).toBe(true);
  expect(isShrinkable(databaseOf(books.dataDir))).toBe(false);
  expect(houseIn(books.dataDir)).toBe(house);
}, 120_000);
