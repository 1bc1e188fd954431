import type { Database } from 'bun:sqlite';
import { PAYING_KINDS, type BookedEntry, type BookedRows, type Stretch } from '../ports/booked.ts';
import { openReaderDatabase, prepare } from './database.ts';
import { SqliteHistory } from './history.ts';
import { selected } from './row-statements.ts';
import { BETS, type BetRow } from './rows/bet.ts';
import { LEDGER, type EntryRow } from './rows/entry.ts';
import { INTENTS, type IntentRow } from './rows/intent.ts';

type Order = Pick<IntentRow, 'nonce' | 'sessionId' | 'at'>;
type DatedEntry = EntryRow & { readonly bookedAt: number };

/** Rows of a file: the live books, a week or a fetched segment. No snapshot is held between two pages. */
export class SqliteBookedRows implements BookedRows {
  readonly #db: Database;
  readonly #history: SqliteHistory;
  readonly #sql: ReturnType<typeof statements>;
  readonly #lastsBefore = new Map<number, number>();

  /** @param path of a migrated database in WAL mode. */
  constructor(path: string) {
    this.#db = openReaderDatabase(path);
    this.#history = new SqliteHistory(this.#db);
    this.#sql = statements(this.#db);
  }

  ofAccount(accountId: string, version: number, { behind, upTo }: Stretch, limit: number): BookedEntry[] {
    return this.#sql.ofAccount.all(accountId, version, behind, upTo, limit).map((row) => this.#booked(row));
  }

  paid(from: number, to: number, { behind, upTo }: Stretch, limit: number): BookedEntry[] {
    const [first, last] = [Math.max(behind, this.#lastBefore(from)), Math.min(upTo, this.#lastBefore(to))];
    return this.#sql.paid.all(first, last, limit).map((row) => this.#booked(row));
  }

  close(): void {
    for (const statement of Object.values(this.#sql)) statement.finalize();
    this.#history.close();
  }

  #booked(row: DatedEntry): BookedEntry {
    const bet = row.betId === null ? null : this.#sql.bet.get(row.betId);
    return { ...row, bet, order: bet === null ? null : this.#sql.order.get(bet.intentId) };
  }

  /** Number of the last ledger row that was booked before a time. */
  #lastBefore(at: number): number {
    const known = this.#lastsBefore.get(at);
    if (known !== undefined) return known;
    const batch = this.#history.batchFrom(at);
    if (batch === null) return Number.MAX_SAFE_INTEGER;
    const last = this.#history.numberBefore('ledger', batch.seq);
    this.#lastsBefore.set(at, last);
    return last;
  }
}

const ENTRY = `SELECT ${selected(LEDGER, 'l')}, c.at AS "bookedAt"
  FROM ledger l JOIN batches c ON c.seq = l.batch`;

const statements = (db: Database) => ({
  ofAccount: prepare<DatedEntry>(
    db,
    `${ENTRY} WHERE l.account_id = $1 AND l.version > $2 AND l.id > $3 AND l.id <= $4
    ORDER BY l.version LIMIT $5`,
  ),
  paid: prepare<DatedEntry>(
    db,
    `${ENTRY} WHERE l.id > $1 AND l.id <= $2
    AND l.kind IN (${PAYING_KINDS.map((kind) => `'${kind}'`).join(', ')}) ORDER BY l.id LIMIT $3`,
  ),
  bet: prepare<BetRow>(db, `SELECT ${selected(BETS)} FROM bets WHERE id = $1`),
  order: prepare<Order>(
    db,
    `SELECT ${selected(INTENTS, 'i', ['id', 'accountId', 'text', 'signature', 'outcomes'])}
    FROM intents i WHERE i.id = $1`,
  ),
});
