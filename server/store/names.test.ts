import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byHand, NOON, opening, SETTING } from '../../test/ledger-contract/scenario.ts';
import type { Operation, OperationResult } from '../ports/ledger.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './migrator.ts';
import { DATABASE_FILE, openStore } from './store.ts';
import { SqliteTail } from './tail-source.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-names-'));
afterAll(() => rmSync(root, { recursive: true }));

const name = (accountId: string, called: string | null, at = NOON): Operation => ({
  kind: 'name-account',
  accountId,
  name: called,
  at,
});
const codeOf = (result: OperationResult): string => ('code' in result ? result.code : result.kind);

async function open(folder: string) {
  const store = await openStore({ dataDir: join(root, folder), ...SETTING, at: NOON, inProcess: true });
  await store.ledger.commitBatch([...opening('ada'), ...opening('bob')], NOON);
  const tell = async (...operations: Operation[]) =>
    (await store.ledger.commitBatch(operations, NOON)).results.map(codeOf);
  return { ...store, tell, path: join(root, folder, DATABASE_FILE) };
}

test('each name is given once, compared by what looks alike, to practice accounts alone, and is free again once it is taken back', async () => {
  const store = await open('once');
  const { tell, books } = store;
  await tell({
    kind: 'open-account',
    accountId: 'rich',
    currency: 'USD',
    address: '0x1',
    grant: 0 as never,
    at: NOON,
  });
  expect(
    await tell(
      name('ada', 'Bobby'),
      name('bob', 'B0bby'),
      name('bob', 'bob'),
      name('ada', 'Bob-by'),
      name('rich', 'Rich'),
      name('nobody', 'Nobody1'),
      name('bob', 'bob'),
    ),
  ).toEqual(['done', 'name_taken', 'done', 'done', 'practice_only', 'not_found', 'done']);
  expect([books.nameOf('ada'), books.nameOf('bob'), books.nameOf('rich')]).toEqual(['Bob-by', 'bob', null]);
  expect(books.names()).toEqual([
    { accountId: 'ada', name: 'Bob-by' },
    { accountId: 'bob', name: 'bob' },
  ]);
  expect(await tell(name('ada', null), name('ada', null), name('bob', 'BOBBY'))).toEqual([
    'done',
    'done',
    'done',
  ]);
  expect(books.names()).toEqual([{ accountId: 'bob', name: 'BOBBY' }]);
  await store.close();
});

test('a name that was taken back stands nowhere in the books, and copies that follow them forget it too', async () => {
  const store = await open('erased');
  await store.tell(name('ada', 'Unforgettable', NOON + 10));
  const followed = (since: number) => {
    const tail = new SqliteTail(store.path);
    tail.begin();
    const rows = [...tail.changed(since)].filter(({ table }) => table === 'account_names');
    tail.end();
    tail.close();
    return rows.flatMap(({ rows: found }) => found);
  };
  expect(followed(NOON + 5)).toEqual([['ada', 'Unforgettable', 'unforgetable', NOON + 10]]);
  // The clock was set back meanwhile.
  await store.tell(name('ada', null, NOON + 3));
  expect(followed(NOON + 5)).toEqual([['ada', null, null, NOON + 10]]);
  expect(followed(NOON + 11)).toEqual([]);
  await store.close();
});

test('an operator removes a name; the action says that there was one and not which', async () => {
  const store = await open('removed');
  await store.tell(name('ada', 'Rudename'));
  const remove = byHand('remove-1', { what: 'remove-name', accountId: 'ada' });
  const [first, again] = (await store.ledger.commitBatch([remove, remove], NOON)).results;
  expect([first, again]).toMatchObject([
    {
      kind: 'operated',
      replayed: false,
      action: { what: 'remove-name', target: 'ada', detail: '', before: 'named', after: 'unnamed' },
    },
    { kind: 'operated', replayed: true },
  ]);
  expect(JSON.stringify(first)).not.toContain('Rudename');
  expect(store.books.nameOf('ada')).toBeNull();
  const none = byHand('remove-2', { what: 'remove-name', accountId: 'ada' });
  expect((await store.ledger.commitBatch([none], NOON)).results).toEqual([
    { kind: 'not-operated', refused: 'not_found' },
  ]);
  await store.close();
});

test('books from before there were names keep every action of operators, and begin with no name', () => {
  const path = join(root, 'older.db');
  const db = new Database(path, { strict: true });
  const first = MIGRATIONS.findIndex((one) => one.name.endsWith('let_traders_choose_names'));
  migrate(db, MIGRATIONS.slice(0, first), NOON);
  const row = [1, 'a', 1, NOON, 'Ann', null, 'halt', '', '', 'why', 'running', 'halted'];
  db.run(`INSERT INTO operator_actions VALUES (${row.map(() => '?').join()})`, row);
  migrate(db, MIGRATIONS, NOON);
  expect(db.query('SELECT * FROM operator_actions').values()).toEqual([row]);
  expect(db.query('SELECT * FROM account_names').values()).toEqual([]);
  expect(() => db.run('UPDATE operator_actions SET reason = $1', ['other'])).toThrow('never changed');
  db.close();
});
