import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOR_GOOD } from '../game/own-limits.ts';
import { dollars } from '../game/money.ts';
import { limit, NOON, opening, SETTING } from '../../test/ledger-contract/scenario.ts';
import { openReaderDatabase } from './database.ts';
import { checkInvariants } from './invariants.ts';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './migrator.ts';
import { DATABASE_FILE, openStore } from './store.ts';
import { SqliteTail } from './tail-source.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-limits-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Books in a folder of their own, with Ada's account and what she set. */
async function books(name: string, ...changes: Parameters<typeof limit>[]): Promise<string> {
  const dataDir = join(root, name);
  const store = await openStore({ dataDir, ...SETTING, at: NOON, inProcess: true });
  await store.ledger.commitBatch([...opening('ada'), ...changes.map((change) => limit(...change))], NOON);
  await store.close();
  return join(dataDir, DATABASE_FILE);
}

test('limits from before there was a history of them are its first rows, and hold as they did', () => {
  const path = join(root, 'older.db');
  const db = new Database(path, { strict: true });
  db.run('PRAGMA journal_mode = WAL');
  const own = MIGRATIONS.findIndex(({ name }) => name.endsWith('add_own_limits'));
  migrate(db, MIGRATIONS.slice(0, own), NOON);
  const player = (id: string, loss: number | null, guard: number) =>
    db.run(
      `INSERT INTO accounts (id, kind, currency, balance, version, day, day_staked, day_returned,
      daily_loss_max, guard_percent, opened_at) VALUES (?, 'player', 'PLAY', 0, 0, 0, 0, 0, ?, ?, 0)`,
      [id, loss, guard],
    );
  player('careful', 5_000_000, 80);
  player('choosy', null, 90);
  player('plain', null, 80);
  migrate(db, MIGRATIONS, NOON);
  expect(
    db.query('SELECT account_id, at, daily_loss_max, guard_percent FROM limit_changes ORDER BY seq').values(),
  ).toEqual([
    ['careful', 0, 5_000_000, 80],
    ['choosy', 0, null, 90],
  ]);
  db.close();
  const reader = openReaderDatabase(path);
  expect(checkInvariants(reader)).toEqual([]);
  reader.close();
});

test('no change is older than the one before it when the clock was set back in between', async () => {
  const path = await books(
    'clock',
    [{ guardPercent: 90 }, NOON + 2_000],
    [{ guardPercent: 85 }, NOON + 500],
    [{ guardPercent: 80 }, NOON + 3_000],
  );
  const db = new Database(path, { readonly: true });
  expect(db.query('SELECT at, guard_percent FROM limit_changes ORDER BY seq').values()).toEqual([
    [NOON + 2_000, 90],
    [NOON + 2_000, 85],
    [NOON + 3_000, 80],
  ]);
  db.close();
});

test('no hand on the file shortens a pause, or changes what was written of limits', async () => {
  const path = await books('by-hand', [{ pause: 'week' }], [{ dailyLoss: dollars(5) }]);
  const db = new Database(path);
  for (const sql of [
    'UPDATE accounts SET paused_until = NULL',
    `UPDATE accounts SET paused_until = paused_until - 1 WHERE id = 'ada'`,
  ])
    expect(() => db.run(sql)).toThrow('a pause is never taken back');
  for (const sql of ['UPDATE limit_changes SET paused_until = 0', 'DELETE FROM limit_changes'])
    expect(() => db.run(sql)).toThrow(/changes of limits are never/);
  db.run(`UPDATE accounts SET paused_until = ${FOR_GOOD} WHERE id = 'ada'`);
  db.close();
});

test('the tail of the backup carries each change of limits, and the account that it is of', async () => {
  const path = await books(
    'tail',
    [{ guardPercent: 90 }, NOON + 10],
    [{ pause: 'for-good' }, NOON + 20],
    [{ guardPercent: 80 }, NOON + 20],
  );
  const tail = new SqliteTail(path);
  const since = (at: number) => {
    tail.begin();
    const rows = [...tail.changed(at)].flatMap(({ table, columns, rows: found }) =>
      found.map((row) => [
        table,
        ...['account_id', 'id', 'at', 'paused_until']
          .filter((column) => columns.includes(column))
          .map((column) => row[columns.indexOf(column)]),
      ]),
    );
    tail.end();
    return rows.filter(([table, id]) => table === 'limit_changes' || (table === 'accounts' && id === 'ada'));
  };
  expect(since(NOON + 15)).toEqual([
    ['accounts', 'ada', FOR_GOOD],
    ['limit_changes', 'ada', NOON + 20, FOR_GOOD],
    ['limit_changes', 'ada', NOON + 20, FOR_GOOD],
  ]);
  expect(since(NOON + 21)).toEqual([]);
  tail.close();
});
