import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './migrator.ts';
import { ACCOUNTS, CHECKPOINTS } from './rows/account.ts';
import { ACTIONS } from './rows/action.ts';
import { BATCHES } from './rows/batch.ts';
import { BETS } from './rows/bet.ts';
import { LEDGER } from './rows/entry.ts';
import { HOUSE } from './rows/house.ts';
import { INTENTS } from './rows/intent.ts';
import { LIMIT_CHANGES } from './rows/limits.ts';
import { NAMES } from './rows/name.ts';
import { REFUSALS } from './rows/refusal.ts';
import { REVISIONS } from './rows/revision.ts';
import { SEGMENTS, STAKES } from './rows/segment.ts';
import { SESSIONS } from './rows/session.ts';
import { SHADOW_BLOCKS } from './rows/shadow.ts';
import type { Table } from './rows/table.ts';
import { RETURNS, VOIDS } from './rows/tally.ts';
import { TICKS } from './rows/tick.ts';

const TABLES: readonly Table[] = [
  ACCOUNTS,
  ACTIONS,
  BATCHES,
  BETS,
  CHECKPOINTS,
  HOUSE,
  INTENTS,
  LEDGER,
  LIMIT_CHANGES,
  NAMES,
  REFUSALS,
  RETURNS,
  REVISIONS,
  SEGMENTS,
  SESSIONS,
  SHADOW_BLOCKS,
  STAKES,
  TICKS,
  VOIDS,
];

const db = new Database(':memory:', { strict: true });
migrate(db, MIGRATIONS, 0);
afterAll(() => db.close());

interface Made {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

describe('rows', () => {
  test('are told of each table that the migrations make', () => {
    const made = db
      .query<{ name: string }, []>(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
      )
      .all()
      .map(({ name }) => name);
    expect(TABLES.map(({ name }) => name).sort()).toEqual(made.filter((name) => name !== 'migrations'));
  });

  for (const { name, fields, key } of TABLES) {
    test(`of ${name} have the columns, types and key that the migrations make, in their order`, () => {
      const made = db.query<Made, []>(`PRAGMA table_info(${name})`).all();
      expect(fields.map(({ name: column, kind, nullable }) => [column, kind, nullable])).toEqual(
        made.map((column) => [column.name, column.type.toLowerCase() as never, column.notnull === 0]),
      );
      expect(key.map((field) => field.name)).toEqual(
        made
          .filter(({ pk }) => pk > 0)
          .sort((a, b) => a.pk - b.pk)
          .map((column) => column.name),
      );
    });
  }

  test('have the value of before in columns that came later', () => {
    for (const { name, fields } of TABLES)
      for (const { name: column, before } of fields.filter((field) => field.before !== undefined)) {
        const { value } = db
          .query<{ value: string | null }, []>(
            `SELECT dflt_value AS value FROM pragma_table_info('${name}') WHERE name = '${column}'`,
          )
          .get()!;
        expect(value, `${name}.${column}`).toBe(
          before === null ? null : typeof before === 'string' ? `'${before}'` : String(before),
        );
      }
  });
});
