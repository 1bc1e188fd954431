import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOON, SETTING } from '../../test/ledger-contract/scenario.ts';
import type { CellId } from '../game/grid.ts';
import { dollars, multiplier } from '../game/money.ts';
import type { Refusal } from '../ports/refusals.ts';
import { SqliteOperatorBooks } from './operator-books.ts';
import { DATABASE_FILE, openStore, type Store } from './store.ts';
import { SqliteTail } from './tail-source.ts';

let dataDir: string;
let store: Store;
let books: SqliteOperatorBooks;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-refusals-'));
  store = await openStore({ dataDir, ...SETTING, at: NOON, inProcess: true });
  books = new SqliteOperatorBooks(join(dataDir, DATABASE_FILE), () => null);
});
afterEach(async () => {
  books.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const refusal = (over: Partial<Refusal> = {}): Refusal => ({
  at: NOON,
  accountId: 'ada',
  sessionId: 'session of ada',
  nonce: 'nonce',
  requestId: 'request',
  code: 'column_locked',
  taps: [
    { cell: '1.2.3.4' as CellId, stake: dollars(1), multiplier: multiplier(235), revision: 7, code: null },
    {
      cell: '1.2.4.5' as CellId,
      stake: dollars(25),
      multiplier: multiplier(1000),
      revision: 8,
      code: 'quote_expired',
    },
  ],
  orders: 1,
  ...over,
});
const write = (refusals: readonly Refusal[], keptFrom = 0) =>
  store.ledger.commitBatch([{ kind: 'record-refusals', refusals, keptFrom }], NOON);

test('what is written is read again as it was, and the chain of the books has no link for it', async () => {
  const { batch, hash } = store.books.chain().ledger;
  const counting = refusal({
    at: NOON + 1,
    accountId: null,
    sessionId: null,
    nonce: null,
    taps: [],
    orders: 8,
  });
  expect(await write([refusal(), counting])).toMatchObject({ batch, hash, results: [{ kind: 'done' }] });
  expect(books.refusals({}, null, 10)).toEqual({
    rows: [
      { id: 2, ...counting },
      { id: 1, ...refusal() },
    ],
    cursor: null,
  });
});

test('pages of one account and of all, newest first, within times; no row twice and none left out', async () => {
  const at = (index: number) => NOON + Math.floor(index / 3) * 1_000;
  await write(
    Array.from({ length: 60 }, (_, index) =>
      refusal({ at: at(index), accountId: index % 2 === 0 ? 'ada' : 'ben', nonce: `${index}` }),
    ),
  );
  const all = (wanted: Parameters<typeof books.refusals>[0]): number[] => {
    const found: number[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = books.refusals(wanted, cursor, 7);
      found.push(...page.rows.map(({ nonce }) => Number(nonce)));
      if ((cursor = page.cursor) === null) return found;
    }
  };
  const down = Array.from({ length: 60 }, (_, index) => 59 - index);
  expect(all({})).toEqual(down);
  expect(all({ accountId: 'ben' })).toEqual(down.filter((index) => index % 2 === 1));
  const within = (index: number) => at(index) >= NOON + 5_000 && at(index) < NOON + 9_000;
  const times = { from: NOON + 5_000, to: NOON + 9_000 };
  expect(all(times)).toEqual(down.filter(within));
  expect(all({ accountId: 'ada', ...times })).toEqual(down.filter((i) => within(i) && i % 2 === 0));
  expect(all({ accountId: 'nobody' })).toEqual([]);
  expect(() => books.refusals({}, books.refusals({}, null, 7).cursor!.slice(1), 7)).toThrow();
});

test('old rows go, a bounded number with each commit, and a number is not given twice', async () => {
  await write(Array.from({ length: 700 }, () => refusal()));
  const left = () => books.refusals({}, null, 200).rows;
  await write([refusal({ at: NOON + 10 })], NOON + 5);
  expect(left().length).toBe(200);
  await write([refusal({ at: NOON + 20 })], NOON + 5);
  expect(left().map(({ id }) => id)).toEqual([702, 701]);
  await write([refusal({ at: NOON + 30 })], NOON + 30);
  expect(left().map(({ id }) => id)).toEqual([703]);
});

test('nobody changes a row', async () => {
  await write([refusal()]);
  const db = new Database(join(dataDir, DATABASE_FILE));
  expect(() => db.run(`UPDATE refusals SET code = 'halted'`)).toThrow('refusals are never changed');
  db.close();
});

test('the tail of the backup ships them', async () => {
  await write([refusal(), refusal({ at: NOON + 5_000, nonce: 'later' })]);
  const tail = new SqliteTail(join(dataDir, DATABASE_FILE));
  tail.begin();
  const shipped = [...tail.changed(NOON + 1)].filter(({ table }) => table === 'refusals');
  tail.end();
  tail.close();
  expect(shipped.flatMap(({ rows }) => rows.map((row) => row[1]))).toEqual([NOON + 5_000]);
});
