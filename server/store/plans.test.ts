import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOON, SETTING } from '../../test/ledger-contract/scenario.ts';
import { SqliteOperatorBooks } from './operator-books.ts';
import { DATABASE_FILE, openStore } from './store.ts';
import { SqliteTail } from './tail-source.ts';

/** Tables that grow with every bet, every account, or the time, by their names and aliases in statements. */
const GROWS =
  '(?:bets|b|ledger|l|intents|i|accounts|a|sessions|s|batches|ticks|revisions|shadow_blocks|limit_changes|refusals)';
/** A walk through one of them: whole, or from its beginning to some row. */
const WALKS = new RegExp(
  `^(?:SCAN ${GROWS}\\b(?! USING (?:COVERING )?INDEX (?:bets_open|accounts_with_limits)\\b)|SEARCH ` +
    `${GROWS} USING INTEGER PRIMARY KEY \\(rowid<\\?\\))`,
);

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-plans-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

/**
 * Everything that the parts of a running server prepare when they are made, and what the backup's tail asks
 * every two seconds.
 */
async function statementsOfAServer(): Promise<string[]> {
  const statements = new Set<string>();
  const original = Database.prototype.prepare;
  Database.prototype.prepare = function (this: Database, sql: string, ...rest: []) {
    statements.add(sql);
    return original.call(this, sql, ...rest);
  } as typeof original;
  try {
    const store = await openStore({ dataDir, ...SETTING, at: NOON, inProcess: true });
    new SqliteOperatorBooks(join(dataDir, DATABASE_FILE), () => null).close();
    await store.close();
    const tail = new SqliteTail(join(dataDir, DATABASE_FILE));
    const { ledger, numbers } = tail.begin();
    for (const _ of [
      ...tail.added({ batch: ledger.batch, numbers }),
      ...tail.changed(NOON),
      ...tail.accounts(['house:PLAY']),
    ]);
    tail.end();
    tail.close();
  } finally {
    Database.prototype.prepare = original;
  }
  return [...statements].filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql));
}

test('nothing that a running server asks, and nothing that it asks when it starts, reads a table that grows from one end to the other', async () => {
  const statements = await statementsOfAServer();
  expect(statements.length).toBeGreaterThan(80);
  const db = new Database(join(dataDir, DATABASE_FILE), { readonly: true });
  const slow = statements.filter((sql) => {
    // One row from the end of a table is no walk through it.
    if (/ORDER BY \w+(\.\w+)?( DESC)? LIMIT 1$/.test(sql.trim())) return false;
    const bindings = new Set(sql.match(/\$\d+/g)).size;
    const plan = db
      .query<{ detail: string }, number[]>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...new Array<number>(bindings).fill(0));
    return plan.some(({ detail }) => WALKS.test(detail));
  });
  db.close();
  expect(slow).toEqual([]);
});
