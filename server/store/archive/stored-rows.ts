import type { Database, Statement } from 'bun:sqlite';
import type { Row, SegmentRows } from '../../ports/archive.ts';
import { prepare, type Binding } from '../database.ts';
import { COLUMNS, STORED, type StoredTable } from './segment-columns.ts';

const PARTS = Object.keys(COLUMNS) as StoredTable[];

/** Writes the rows of a segment into a database of the same schema; rows whose number is there already stay as they are. */
export class StoredRows {
  readonly #inserts: Readonly<Record<StoredTable, Statement>>;
  readonly #reads: Readonly<Record<StoredTable, Statement<Row, Binding[]>>>;
  readonly #insertKey: Statement;
  readonly #insertAccount: Statement;

  constructor(db: Database) {
    this.#inserts = Object.fromEntries(PARTS.map((part) => {
      const columns = COLUMNS[part];
      const names = columns.map((_, index) => `$${index + 1}`).join(', ');
      return [part, prepare(db, `INSERT INTO ${STORED[part].table} (${columns.join(', ')}) VALUES (${names}) ON CONFLICT (${STORED[part].key}) DO NOTHING`)];
    })) as Record<StoredTable, Statement>;
    this.#reads = Object.fromEntries(PARTS.map((part) => [part, prepare<Row>(db, `SELECT ${COLUMNS[part].join(', ')} FROM ${STORED[part].table} WHERE ${STORED[part].key} = $1`)])) as Record<StoredTable, Statement<Row, Binding[]>>;
    // What else a session was stays with the books: its id stands for its token, which nobody needs here.
    this.#insertKey = prepare(db, `INSERT INTO sessions (id, account_id, token_hash, public_key, stake_max, daily_cap, created_at, expires_at, seen_at, ended_at)
      VALUES ($1, $2, $1, $3, 0, 0, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING`);
    this.#insertAccount = prepare(db, `INSERT INTO accounts (id, kind, currency, address, balance, version, day, day_staked, day_returned, daily_loss_max, guard_percent, opened_at)
      VALUES ($1, $2, $3, NULL, $4, $5, 0, 0, 0, NULL, 0, 0) ON CONFLICT (id) DO UPDATE SET balance = excluded.balance, version = excluded.version`);
  }

  /** @param bets as they are to be written, where they are not those of the segment. */
  insert(rows: SegmentRows, bets: readonly Row[] = rows.bets): void {
    for (const { session_id: session, account_id: account, public_key: key } of rows.keys) this.#insertKey.run(session!, account!, key!);
    for (const { id, kind, currency, balance, version } of rows.accounts) this.#insertAccount.run(id!, kind!, currency!, balance!, version!);
    for (const part of PARTS) {
      const insert = this.#inserts[part];
      const columns: readonly string[] = COLUMNS[part];
      for (const row of part === 'bets' ? bets : rows[part]) insert.run(...columns.map((column) => row[column]!));
    }
  }

  /** Sentences on rows that are missing or different, `max` at most. */
  compare(rows: SegmentRows, max: number): string[] {
    const faults: string[] = [];
    for (const part of PARTS) {
      const { key, table } = STORED[part];
      for (const row of rows[part]) {
        const stored = this.#reads[part].get(row[key]!);
        if (stored !== null && JSON.stringify(stored) === JSON.stringify(row)) continue;
        faults.push(`row ${row[key]} of ${table} is ${stored === null ? 'missing' : 'different'}`);
        if (faults.length >= max) return faults;
      }
    }
    return faults;
  }

  finalize(): void {
    for (const statement of [...Object.values(this.#inserts), ...Object.values(this.#reads), this.#insertKey, this.#insertAccount]) statement.finalize();
  }
}
