import { Database, type Statement } from 'bun:sqlite';
import type { TableRows, TailTarget } from '../ports/tail.ts';
import { prepare, type Binding } from './database.ts';
import { CHECKPOINTS } from './rows/account.ts';
import { ACTIONS } from './rows/action.ts';
import { BATCHES } from './rows/batch.ts';
import { LEDGER } from './rows/entry.ts';
import { HOUSE } from './rows/house.ts';
import { INTENTS } from './rows/intent.ts';
import { LIMIT_CHANGES } from './rows/limits.ts';
import { REFUSALS } from './rows/refusal.ts';
import { REVISIONS } from './rows/revision.ts';
import { SEGMENTS, STAKES } from './rows/segment.ts';
import { SHADOW_BLOCKS } from './rows/shadow.ts';
import { TICKS } from './rows/tick.ts';

interface Column {
  readonly name: string;
  readonly pk: number;
}

/** Rows of these are never changed once they are written; one that is there already stays. */
const FIXED = new Set(
  [
    HOUSE,
    BATCHES,
    INTENTS,
    LEDGER,
    TICKS,
    REVISIONS,
    SHADOW_BLOCKS,
    CHECKPOINTS,
    ACTIONS,
    LIMIT_CHANGES,
    REFUSALS,
    SEGMENTS,
    STAKES,
  ].map(({ name }) => name),
);

/** A copy of a database that nobody else has open, to which the rows of a tail are added. */
export class SqliteTailTarget implements TailTarget {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown, Binding[]>>();
  /** They guard a house against its own programs; here rows are put into the state of a later commit. */
  readonly #triggers: readonly string[];

  /** @param path of a database that stands whole in its one file. */
  constructor(path: string) {
    this.#db = new Database(path, { readwrite: true, create: false, strict: true });
    // A crash throws the whole copy away, so a journal would serve nobody. References are checked at the end:
    // rows come table by table.
    for (const pragma of [
      'journal_mode = OFF',
      'synchronous = OFF',
      'foreign_keys = OFF',
      'trusted_schema = OFF',
      'cell_size_check = ON',
    ])
      this.#db.run(`PRAGMA ${pragma}`);
    const triggers = prepare<{ name: string; sql: string }>(
      this.#db,
      `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
    ).all();
    for (const { name } of triggers) this.#db.run(`DROP TRIGGER "${name}"`);
    this.#triggers = triggers.map(({ sql }) => sql);
  }

  begin(): void {
    this.#db.run('BEGIN IMMEDIATE');
  }

  /**
   * What is unique among rows is so at a commit, and a shipment leads from one commit to another: a bet may
   * stand where one stood whose stake came back meanwhile. So the old states of all its rows go before the
   * first new one comes.
   */
  apply(shipment: readonly TableRows[]): void {
    for (const { table, columns, rows } of shipment) {
      const known = this.#columnsOf(table, columns);
      for (const row of rows)
        if (row.length !== columns.length)
          throw new Error(`a row of ${table} has ${row.length} values for ${columns.length} columns`);
      if (FIXED.has(table)) continue;
      const keys = known.filter(({ pk }) => pk > 0).map(({ name }) => columns.indexOf(name));
      const isRow = keys.map((index, at) => `"${columns[index]}" = ?${at + 1}`).join(' AND ');
      const remove = this.#statement(`DELETE FROM "${table}" WHERE ${isRow}`);
      for (const row of rows) remove.run(...keys.map((index) => row[index]!));
    }
    for (const { table, columns, rows } of shipment) {
      const add = this.#statement(this.#upsert(table, columns));
      for (const row of rows) add.run(...row);
    }
  }

  commit(): void {
    this.#db.run('COMMIT');
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    // Not where something went wrong half way: nobody will use that copy.
    if (!this.#db.inTransaction) for (const sql of this.#triggers) this.#db.run(sql);
    this.#db.close();
  }

  #statement(sql: string): Statement<unknown, Binding[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }

  /**
   * Names are taken only from the database itself: what came from a backup may have been written by other
   * hands.
   */
  #columnsOf(table: string, columns: readonly string[]): Column[] {
    const known = prepare<Column>(this.#db, 'SELECT name, pk FROM pragma_table_info($1)').all(table);
    if (
      known.length === 0 ||
      known.length !== columns.length ||
      known.some(({ name }) => !columns.includes(name))
    )
      throw new Error(
        `there is no table ${table.slice(0, 60)} of the columns ${columns.join(', ').slice(0, 500)}`,
      );
    return known;
  }

  #upsert(table: string, columns: readonly string[]): string {
    const known = this.#columnsOf(table, columns);
    const quoted = (name: string) => `"${name}"`;
    const keys = known.filter(({ pk }) => pk > 0).map(({ name }) => quoted(name));
    const others = known.filter(({ pk }) => pk === 0).map(({ name }) => quoted(name));
    const conflict =
      FIXED.has(table) || others.length === 0
        ? 'NOTHING'
        : `UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`;
    return `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')})
      VALUES (${columns.map((_, index) => `?${index + 1}`).join(', ')})
      ON CONFLICT (${keys.join(', ')}) DO ${conflict}`;
  }
}
