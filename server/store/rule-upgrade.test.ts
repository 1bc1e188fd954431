import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOf, OldBooks, violations } from '../../test/simulation/archived-books.ts';
import { archive } from '../../test/simulation/archiving.ts';
import { World } from '../../test/simulation/world.ts';
import { historyNames, HISTORY_FOLDER } from './archive/history-files.ts';
import { migrateHistory } from './archive/week-files.ts';
import { BETS } from './rows/bet.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-rule-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Columns that came after rule 2. */
const OWN_LIMITS = ['loosens_at', 'loosens_to', 'paused_until', 'reminder_minutes'];

/**
 * The file as the version before rule 2 left it. @returns false where bets of rule 2 are in it, which that
 * version cannot have made.
 */
function madeOlder(path: string): boolean {
  const db = new Database(path);
  try {
    if (db.query<{ rule: number | null }, []>('SELECT MAX(rule) AS rule FROM bets').get()!.rule !== 1)
      return false;
    // Weeks on disk have no index of the writer.
    const ofWriter = db.query("SELECT name FROM sqlite_schema WHERE name = 'bets_on_cell'").get() !== null;
    for (const sql of [
      ...(ofWriter
        ? [
            'DROP INDEX bets_on_cell',
            'CREATE UNIQUE INDEX bets_one_per_cell ON bets (cell, account_id) WHERE void_reason IS NULL',
          ]
        : []),
      ...BETS.fields.flatMap(({ name, before }) =>
        before === undefined ? [] : [`ALTER TABLE bets DROP COLUMN ${name}`],
      ),
      'DROP INDEX IF EXISTS ledger_grants',
      'DROP TRIGGER pauses_are_kept',
      'DROP TABLE limit_changes',
      'DROP TABLE account_names',
      'DROP TABLE refusals',
      'DROP TABLE house',
      'DROP TABLE shadow_blocks',
      ...['headline', 'learned', 'drift', 'scale_bp'].map(
        (column) => `ALTER TABLE revisions DROP COLUMN ${column}`,
      ),
      ...OWN_LIMITS.map((column) => `ALTER TABLE accounts DROP COLUMN ${column}`),
    ])
      db.run(sql);
    db.run(`DELETE FROM migrations WHERE name >= '20261130000000'`);
    return true;
  } finally {
    db.close();
  }
}

test('books of the version before go on: their chain holds, their open bets are decided by rule 1 and new ones are taken under rule 2', async () => {
  const dataDir = join(root, 'live');
  const world = new World(7, dataDir);
  await world.open();
  for (let n = 0; n < 4; n++) await world.addTrader();
  const trade = async (steps: number) => {
    for (let step = 0; step < steps; step++) {
      await world.tick();
      if (world.chance.happens(0.6)) await world.order();
    }
  };
  await trade(150);
  const open = world.store.books.openBets();
  expect(open.length).toBeGreaterThan(5);
  await world.store.close();
  expect(madeOlder(databaseOf(dataDir))).toBe(true);
  world.restarts = 1;
  await world.open();
  await trade(100);
  expect(new Set(world.store.books.openBets().map(({ rule }) => rule))).toContain(2);
  for (let n = 0; n < 900; n++) await world.tick();
  for (const { id } of open)
    expect(world.store.books.bet(id)).toMatchObject({ rule: 1, closedAt: expect.any(Number) });
  await world.store.close();
  expect(violations(dataDir)).toEqual([]);
}, 60_000);

test('weeks on disk of the version before are read as they were', async () => {
  const books = new OldBooks(11, join(root, 'old'));
  await books.make();
  const ledger = books.open(books.dataDir);
  await archive({ dataDir: books.dataDir, ledger, now: books.now });
  const before = books.seen(books.dataDir);
  const folder = join(books.dataDir, HISTORY_FOLDER);
  expect(historyNames(folder).filter((name) => madeOlder(join(folder, name))).length).toBeGreaterThan(0);
  expect(() => books.seen(books.dataDir)).toThrow();
  migrateHistory(books.dataDir, books.now);
  expect(books.seen(books.dataDir)).toEqual(before);
  await ledger.close();
}, 60_000);
