import type { Database, Statement } from 'bun:sqlite';
import type { Row, SegmentRows } from '../../ports/archive.ts';
import { prepare, type Binding } from '../database.ts';
import { COLUMNS, STORED, type StoredTable } from './segment-columns.ts';

/** Rows that are read again at a time at most, those of other segments among them. */
const ROWS_AT_ONCE = 2_000;
const PARTS = Object.keys(COLUMNS) as StoredTable[];

/**
 * Writes the rows of a segment into a database of the same schema; rows whose number is there already stay as
 * they are.
 */
export class StoredRows {
  readonly #inserts: Readonly<Record<StoredTable, Statement>>;
  /** Rows of a table from one number to another, in their order. */
  readonly #reads: Readonly<Record<StoredTable, Statement<Row, Binding[]>>>;
  readonly #insertKey: Statement;
  readonly #insertAccount: Statement;

  constructor(db: Database) {
    this.#inserts = Object.fromEntries(
      PARTS.map((part) => {
        const columns = COLUMNS[part];
        const names = columns.map((_, index) => `$${index + 1}`).join(', ');
        return [
          part,
          prepare(
            db,
            `INSERT INTO ${STORED[part].table} (${columns.join(', ')}) VALUES (${names}) ON CONFLICT (${STORED[part].key}) DO NOTHING`,
          ),
        ];
      }),
    ) as Record<StoredTable, Statement>;
    this.#reads = Object.fromEntries(
      PARTS.map((part) => [
        part,
        prepare<Row>(
          db,
          `SELECT ${COLUMNS[part].join(', ')} FROM ${STORED[part].table} WHERE ${STORED[part].key} BETWEEN $1 AND $2 ORDER BY ${STORED[part].key}`,
        ),
      ]),
    ) as Record<StoredTable, Statement<Row, Binding[]>>;
    // What else a session was stays with the books: its id stands for its token, which nobody needs here.
    this.#insertKey = prepare(
      db,
      `INSERT INTO sessions (id, account_id, token_hash, public_key, stake_max, daily_cap, created_at, expires_at, seen_at, ended_at)
      VALUES ($1, $2, $1, $3, 0, 0, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING`,
    );
    this.#insertAccount = prepare(
      db,
      `INSERT INTO accounts (id, kind, currency, address, balance, version, day, day_staked, day_returned, daily_loss_max, guard_percent, opened_at)
      VALUES ($1, $2, $3, NULL, $4, $5, 0, 0, 0, NULL, 0, 0) ON CONFLICT (id) DO UPDATE SET balance = excluded.balance, version = excluded.version`,
    );
  }

  /** @param bets as they are to be written, where they are not those of the segment. */
  insert(rows: SegmentRows, bets: readonly Row[] = rows.bets): void {
    for (const { session_id: session, account_id: account, public_key: key } of rows.keys)
      this.#insertKey.run(session!, account!, key!);
    for (const { id, kind, currency, balance, version } of rows.accounts)
      this.#insertAccount.run(id!, kind!, currency!, balance!, version!);
    for (const part of PARTS) {
      const insert = this.#inserts[part];
      const columns: readonly string[] = COLUMNS[part];
      for (const row of part === 'bets' ? bets : rows[part])
        insert.run(...columns.map((column) => row[column]!));
    }
  }

  /**
   * Reads every row again.
   * @param mayGo rows that need not be there, but as they are where they are.
   * @returns sentences on rows that are missing or different, `max` at most.
   */
  compare(
    rows: SegmentRows,
    max: number,
    mayGo: (part: StoredTable, row: Row) => boolean = () => false,
  ): string[] {
    const faults: string[] = [];
    for (const part of PARTS) {
      for (const run of inRuns(rows[part], STORED[part].key)) {
        faults.push(...this.#differences(part, run, mayGo));
        if (faults.length >= max) return faults.slice(0, max);
      }
    }
    return faults;
  }

  /** @param rows in the order of their numbers; between them there may be rows of other segments. */
  #differences(
    part: StoredTable,
    rows: readonly Row[],
    mayGo: (part: StoredTable, row: Row) => boolean,
  ): string[] {
    const { key, table } = STORED[part];
    const columns = COLUMNS[part];
    const stored = this.#reads[part].all(rows[0]![key]!, rows.at(-1)![key]!);
    let next = 0;
    return rows.flatMap((row) => {
      while (next < stored.length && stored[next]![key]! < row[key]!) next += 1;
      const found = stored[next];
      if (found === undefined || found[key] !== row[key])
        return mayGo(part, row) ? [] : [`row ${row[key]} of ${table} is missing`];
      return columns.every((column) => found[column] === row[column])
        ? []
        : [`row ${row[key]} of ${table} is different`];
    });
  }

  finalize(): void {
    for (const statement of [
      ...Object.values(this.#inserts),
      ...Object.values(this.#reads),
      this.#insertKey,
      this.#insertAccount,
    ])
      statement.finalize();
  }
}

/**
 * Rows whose numbers lie close together: a bet that was open for long may be far from all others of its
 * segment.
 */
function* inRuns(rows: readonly Row[], key: string): Generator<readonly Row[]> {
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const end = (rows[from]![key] as number) + ROWS_AT_ONCE;
    while (to < rows.length && (rows[to]![key] as number) < end) to += 1;
    yield rows.slice(from, to);
  }
}
