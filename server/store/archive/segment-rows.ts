import type { Database, Statement } from 'bun:sqlite';
import type { Anchor, Row, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { prepare, type Binding } from '../database.ts';
import { columnsOf } from './segment-columns.ts';

/** Rows of one question at most: names of variables are bounded. */
const NAMES_MAX = 500;

/**
 * All rows of a range out of the live books. @param before where the archive ends: the range begins right
 * behind it.
 */
export function readRows(db: Database, range: SegmentRange, before: Anchor): SegmentRows {
  const statements = new Statements(db);
  try {
    return rowsOf(statements, range, before);
  } finally {
    statements.finalize();
  }
}

/** Each is prepared once, and gone when its rows are read: a run makes thousands of segments. */
class Statements {
  readonly #prepared = new Map<string, Statement<Row, Binding[]>>();

  constructor(private readonly db: Database) {}

  of(sql: string): Statement<Row, Binding[]> {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = prepare<Row>(this.db, sql)));
    return statement;
  }

  finalize(): void {
    for (const statement of this.#prepared.values()) statement.finalize();
  }
}

function rowsOf(statements: Statements, range: SegmentRange, before: Anchor): SegmentRows {
  const all = (sql: string, ...values: Binding[]): Row[] => statements.of(sql).all(...values);
  const ledger = all(
    `SELECT ${columnsOf('ledger', 'l')} FROM ledger l WHERE l.id > $1 AND l.id <= $2 ORDER BY l.id`,
    before.ledgerId,
    range.ledgerId,
  );
  // Bets from before the range that were locked or closed in it, then those that it placed.
  const bets = [
    ...all(
      `SELECT ${columnsOf('bets', 'b')} FROM bets b WHERE b.seq <= $1 AND (b.locked_batch BETWEEN $2 AND $3 OR b.closing_entry BETWEEN $4 AND $5) ORDER BY b.seq`,
      before.betSeq,
      range.firstBatch,
      range.lastBatch,
      before.ledgerId + 1,
      range.ledgerId,
    ),
    ...all(
      `SELECT ${columnsOf('bets', 'b')} FROM bets b WHERE b.seq > $1 AND b.seq <= $2 ORDER BY b.seq`,
      before.betSeq,
      range.betSeq,
    ),
  ];
  const intents = byNumber(numbersOf(bets, 'intent_id'), (numbers, names) =>
    all(
      `SELECT ${columnsOf('intents', 'i')} FROM intents i WHERE i.id IN (${names}) ORDER BY i.id`,
      ...numbers,
    ),
  );
  const sessions = [...new Set(intents.map(({ session_id: session }) => session as string))].sort();
  const accounts = lastEntries(ledger);
  const key = statements.of('SELECT id AS session_id, account_id, public_key FROM sessions WHERE id = $1');
  const account = statements.of('SELECT id, kind, currency FROM accounts WHERE id = $1');
  return {
    keys: sessions.map((id) => key.get(id)!),
    accounts: [...accounts.keys()].sort().map((id) => {
      const last = accounts.get(id)!;
      return {
        ...account.get(id)!,
        balance: last['balance_after']!,
        version: last['version']!,
        ledger_id: last['id']!,
      };
    }),
    batches: all(
      `SELECT ${columnsOf('batches', 'b')} FROM batches b WHERE b.seq >= $1 AND b.seq <= $2 ORDER BY b.seq`,
      range.firstBatch,
      range.lastBatch,
    ),
    actions: all(
      `SELECT ${columnsOf('actions', 'a')} FROM operator_actions a WHERE a.batch >= $1 AND a.batch <= $2 ORDER BY a.seq`,
      range.firstBatch,
      range.lastBatch,
    ),
    intents,
    bets,
    ledger,
    revisions: all(
      `SELECT ${columnsOf('revisions', 'r')} FROM revisions r WHERE r.revision > $1 AND r.revision <= $2 ORDER BY r.revision`,
      before.revision,
      range.revision,
    ),
    ticks: all(
      `SELECT ${columnsOf('ticks', 't')} FROM ticks t WHERE t.seq > $1 AND t.seq <= $2 ORDER BY t.seq`,
      before.tickSeq,
      range.tickSeq,
    ),
  };
}

/** The last row of each account. */
function lastEntries(ledger: readonly Row[]): Map<string, Row> {
  return new Map(ledger.map((row) => [row['account_id'] as string, row]));
}

const numbersOf = (rows: readonly Row[], column: string): number[] =>
  [...new Set(rows.map((row) => row[column] as number))].sort((a, b) => a - b);

function byNumber(numbers: readonly number[], read: (some: number[], names: string) => Row[]): Row[] {
  const rows: Row[] = [];
  for (let from = 0; from < numbers.length; from += NAMES_MAX) {
    const some = numbers.slice(from, from + NAMES_MAX);
    rows.push(...read(some, some.map((_, index) => `$${index + 1}`).join(', ')));
  }
  return rows;
}
