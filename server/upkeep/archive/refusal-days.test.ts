import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTING } from '../../../test/ledger-contract/scenario.ts';
import type { Refusal } from '../../ports/refusals.ts';
import { SqliteOperatorBooks } from '../../store/operator-books.ts';
import { DATABASE_FILE, openStore, type Store } from '../../store/store.ts';
import { DirectoryStore } from '../backup/directory-store.ts';
import { RefusalDays } from './refusal-days.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 5, 15);
const HOUSE = 'a'.repeat(32);

let folder: string;
let books: SqliteOperatorBooks;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tapgrid-refusal-days-'));
  store = await openStore({ dataDir: folder, ...SETTING, at: START, inProcess: true });
  books = new SqliteOperatorBooks(join(folder, DATABASE_FILE), () => null);
});
afterEach(async () => {
  books.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const refusal = (at: number, accountId: string): Refusal => ({
  at,
  accountId,
  sessionId: 's',
  nonce: `${at}`,
  requestId: null,
  code: 'halted',
  taps: [],
  orders: 1,
});
const write = (...refusals: readonly Refusal[]) =>
  store.ledger.commitBatch([{ kind: 'record-refusals', refusals, keptFrom: 0 }], START);
const days = (house = HOUSE) => new RefusalDays(new DirectoryStore(folder), house);

test('a day that is long over is written once, read back whole, and nothing is written for nothing', async () => {
  // More than a page, over two days, and one of a third that has just ended.
  await write(...Array.from({ length: 450 }, (_, n) => refusal(START + n * 100_000, `account ${n}`)));
  await write(
    refusal(START + DAY_MS - 1, 'last'),
    refusal(START + DAY_MS, 'next'),
    refusal(START + 2 * DAY_MS, 'young'),
  );
  const now = START + 4 * DAY_MS - 1;
  expect(await days().archive(books, START - 5 * DAY_MS, now)).toEqual(['2026-06-15', '2026-06-16']);
  expect(await days().days()).toEqual(['2026-06-15', '2026-06-16']);
  const rows = await days().rows('2026-06-15');
  expect([rows.length, rows[0]!.accountId, rows.at(-1)!.accountId]).toEqual([451, 'account 0', 'last']);
  expect((await days().rows('2026-06-16')).map(({ accountId }) => accountId)).toEqual(['next']);
  expect(await days().archive(books, START - 5 * DAY_MS, now)).toEqual([]);
  expect(await days().archive(books, START - 5 * DAY_MS, now + DAY_MS)).toEqual(['2026-06-17']);
  expect(await days().rows('2026-06-20')).toEqual([]);
});

test('each house has its own, and what is damaged or of another is not believed', async () => {
  await write(refusal(START, 'ada'));
  await days().archive(books, START, START + 3 * DAY_MS);
  expect(await days('b'.repeat(32)).days()).toEqual([]);
  expect(await days().faults()).toEqual([]);
  const at = join(folder, 'refusals', HOUSE);
  const [name] = readdirSync(at);
  writeFileSync(join(at, '2026-06-16.jsonl.zst'), await Bun.file(join(at, name!)).bytes());
  expect(days().rows('2026-06-16')).rejects.toThrow('is not what its name says');
  writeFileSync(join(at, name!), 'no archive');
  expect(days().rows('2026-06-15')).rejects.toThrow();
  expect(await days().faults()).toEqual([
    expect.stringMatching(/^refused orders of 2026-06-15: ./),
    expect.stringMatching(/^refused orders of 2026-06-16: .* is not what its name says$/),
  ]);
});
