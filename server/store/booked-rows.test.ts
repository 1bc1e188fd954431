import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOf, OldBooks } from '../../test/simulation/archived-books.ts';
import type { BookedEntry } from '../ports/booked.ts';
import { SqliteBookedRows } from './booked-rows.ts';

/** Times at which something was booked belong to what begins with them, as midnight does to its day. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-booked-rows-'));
const books = new OldBooks(7, join(root, 'data'));
let rows: SqliteBookedRows;
let all: readonly BookedEntry[];
const paid = (from: number, to: number): readonly BookedEntry[] =>
  rows.paid(from, to, { behind: 0, upTo: Number.MAX_SAFE_INTEGER }, 100_000);
beforeAll(async () => {
  await books.make();
  rows = new SqliteBookedRows(databaseOf(books.dataDir));
  all = paid(0, Number.MAX_SAFE_INTEGER);
}, 60_000);
afterAll(() => {
  rows.close();
  rmSync(root, { recursive: true });
});
const ids = (found: readonly BookedEntry[]): number[] => found.map(({ id }) => id);

test('what is booked exactly at the beginning is in, what is booked at the end is out', () => {
  expect(all.length).toBeGreaterThan(50);
  for (const { bookedAt } of all.filter((_, index) => index % 17 === 0)) {
    const now = ids(all.filter((one) => one.bookedAt === bookedAt));
    expect([ids(paid(bookedAt, bookedAt + 1)), ids(paid(bookedAt - 1, bookedAt))]).toEqual([now, []]);
  }
});

test('stretches that follow each other have every row once', () => {
  const cuts = [0, ...new Set(all.filter((_, index) => index % 13 === 5).map(({ bookedAt }) => bookedAt))];
  const parts = cuts.flatMap((from, index) => paid(from, cuts[index + 1] ?? Number.MAX_SAFE_INTEGER));
  expect(ids(parts)).toEqual(ids(all));
});
