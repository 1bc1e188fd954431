import type { Database } from 'bun:sqlite';
import type { TableRows, TailHead, TailNumbers, TailSource } from '../ports/tail.ts';
import { describe } from './copy.ts';
import { allRows, firstRow, one, openReaderDatabase, type Binding } from './database.ts';
import { BATCHES } from './rows/batch.ts';
import { BETS } from './rows/bet.ts';
import { LEDGER } from './rows/entry.ts';
import { INTENTS } from './rows/intent.ts';
import { REVISIONS } from './rows/revision.ts';
import { SHADOW_BLOCKS } from './rows/shadow.ts';
import type { Row, Table, Value } from './rows/table.ts';
import { TICKS } from './rows/tick.ts';

/** Rows of one page; a page is held in memory. */
const PAGE_ROWS = 5_000;
/** A table of which nothing is known but its name is read whole, up to so many rows. */
const WHOLE_ROWS_MAX = 200_000;

/** Tables whose rows are only added, by number. */
const APPENDED: readonly Table[] = [BATCHES, INTENTS, LEDGER, TICKS, REVISIONS];

/**
 * Rows that changed without a new number tell it by a time. Limits from before there was a history of them do
 * not: accounts that have some are all read again.
 */
const TIMED: Readonly<Record<string, readonly string[]>> = {
  // A session that begins is seen then.
  sessions: ['seen_at >= $1 OR ended_at >= $2'],
  // Apart from each other, in the words of their indexes.
  accounts: [
    'opened_at >= $1',
    'id IN (SELECT account_id FROM limit_changes WHERE at >= $1)',
    'daily_loss_max IS NOT NULL OR guard_percent <> 80',
  ],
  limit_changes: ['at >= $1'],
  account_names: ['changed_at >= $1'],
  refusals: ['at >= $1'],
  ledger_checkpoints: ['at >= $1'],
  operator_actions: ['at >= $1'],
  archive_segments: ['sealed_at >= $1'],
  archived_stakes: ['segment IN (SELECT number FROM archive_segments WHERE sealed_at >= $1)'],
};
const NOT_SHIPPED = new Set([
  'migrations',
  BETS.name,
  SHADOW_BLOCKS.name,
  ...APPENDED.map(({ name }) => name),
]);

/**
 * Bets that were placed before a number and locked or closed after it. With the plus SQLite reads the index
 * of the open bets, without it all bets up to the number.
 */
const LOCKED = 'SELECT * FROM bets WHERE closing_entry IS NULL AND +seq <= $1 AND locked_batch > $2';
const CLOSED = `SELECT b.* FROM ledger l JOIN bets b ON b.id = l.bet_id WHERE l.id > $1
  AND l.bet_id IS NOT NULL AND l.kind <> 'stake' AND b.seq <= $2`;
const SHADOW = `SELECT * FROM ${SHADOW_BLOCKS.name} WHERE batch > $1 ORDER BY batch, block`;
const MOVED = 'SELECT a.* FROM accounts a WHERE a.id IN (SELECT account_id FROM ledger WHERE id > $1)';

/** The tail of the live file, read through a connection of its own. */
export class SqliteTail implements TailSource {
  readonly #db: Database;

  /** @throws Error when the file cannot be opened. */
  constructor(path: string) {
    this.#db = openReaderDatabase(path);
  }

  begin(): TailHead {
    this.#db.run('BEGIN');
    return describe(this.#db);
  }

  end(): void {
    if (this.#db.inTransaction) this.#db.run('COMMIT');
  }

  newestBatch(): number {
    return firstRow<{ seq: number | null }>(this.#db, 'SELECT max(seq) AS seq FROM batches')?.seq ?? 0;
  }

  hashOf(batch: number): string | null {
    return (
      firstRow<{ hash: string }>(this.#db, 'SELECT hash FROM batches WHERE seq = $1', batch)?.hash ?? null
    );
  }

  *added({
    batch,
    numbers,
  }: {
    readonly batch: number;
    readonly numbers: TailNumbers;
  }): Generator<TableRows> {
    const after: Readonly<Record<string, number>> = { ...numbers, batches: batch };
    for (const {
      name,
      key: [number],
    } of APPENDED)
      yield* this.#pages(
        name,
        `SELECT * FROM ${name} WHERE ${number.name} > $1 ORDER BY ${number.name}`,
        after[name] ?? 0,
      );
    yield* this.#pages(SHADOW_BLOCKS.name, SHADOW, batch);
    yield* this.#pages('bets', 'SELECT * FROM bets WHERE seq > $1 ORDER BY seq', numbers.bets);
    yield* this.#pages('bets', LOCKED, numbers.bets, batch);
    yield* this.#pages('bets', CLOSED, numbers.ledger, numbers.bets);
    yield* this.#pages('accounts', MOVED, numbers.ledger);
  }

  *changed(since: number | null): Generator<TableRows> {
    for (const { name } of allRows<{ name: string }>(
      this.#db,
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )) {
      if (NOT_SHIPPED.has(name)) continue;
      const conditions = TIMED[name];
      if (conditions === undefined) this.#expectSmall(name);
      if (conditions === undefined || since === null) yield* this.#pages(name, `SELECT * FROM "${name}"`);
      else
        for (const condition of conditions)
          yield* this.#pages(
            name,
            `SELECT * FROM "${name}" WHERE ${condition}`,
            ...Array<number>(condition.split('$').length - 1).fill(since),
          );
    }
  }

  *accounts(ids: readonly string[]): Generator<TableRows> {
    for (let from = 0; from < ids.length; from += PAGE_ROWS) {
      yield* this.#pages(
        'accounts',
        'SELECT * FROM accounts WHERE id IN (SELECT value FROM json_each($1))',
        JSON.stringify(ids.slice(from, from + PAGE_ROWS)),
      );
    }
  }

  close(): void {
    this.#db.close();
  }

  #expectSmall(table: string): void {
    const { rows } = one<{ rows: number }>(this.#db, `SELECT COUNT(*) AS rows FROM "${table}"`);
    if (rows > WHOLE_ROWS_MAX)
      throw new Error(`${table} has ${rows} rows: the tail must know how its changes are told`);
  }

  *#pages(table: string, sql: string, ...bindings: Binding[]): Generator<TableRows> {
    const statement = this.#db.prepare<unknown, Binding[]>(sql);
    try {
      const columns = statement.columnNames;
      let rows: Value[][] = [];
      for (const row of statement.iterate(...bindings)) {
        rows.push(Object.values(row as Row));
        if (rows.length < PAGE_ROWS) continue;
        yield { table, columns, rows };
        rows = [];
      }
      if (rows.length > 0) yield { table, columns, rows };
    } finally {
      statement.finalize();
    }
  }
}
