import type { Database, Statement } from 'bun:sqlite';
import { isBehind } from '../rows/table.ts';
import { present } from '../../game/present.ts';
import type { SegmentRows } from '../../ports/archive.ts';
import { prepare, type Binding } from '../database.ts';
import { insertion, selected } from '../row-statements.ts';
import { ACCOUNTS, UNUSED } from '../rows/account.ts';
import type { BetRow } from '../rows/bet.ts';
import { PARTS, STORED_PARTS, type StoredPart } from '../rows/segment-parts.ts';
import { KEY_ONLY, SESSIONS } from '../rows/session.ts';
import type { Row } from '../rows/table.ts';

/** Rows that are read again at a time at most, those of other segments among them. */
const ROWS_AT_ONCE = 2_000;

/**
 * Writes the rows of a segment into a database of the same schema; rows whose number is there already stay as
 * they are.
 */
export class StoredRows {
  readonly #inserts: ReadonlyMap<StoredPart, Statement<unknown, [Row]>>;
  /** Rows of a table from one number to another, in their order. */
  readonly #reads: ReadonlyMap<StoredPart, Statement<Row, Binding[]>>;
  readonly #insertKey: Statement<unknown, [Row]>;
  readonly #insertAccount: Statement<unknown, [Row]>;

  constructor(db: Database) {
    this.#inserts = new Map(
      STORED_PARTS.map((part) => [
        part,
        insertion(db, PARTS[part], `ON CONFLICT (${keyOf(part).name}) DO NOTHING`),
      ]),
    );
    this.#reads = new Map(
      STORED_PARTS.map((part) => {
        const { name: key } = keyOf(part);
        const sql = `SELECT ${selected(PARTS[part])} FROM ${PARTS[part].name}
          WHERE ${key} BETWEEN $1 AND $2 ORDER BY ${key}`;
        return [part, prepare<Row>(db, sql)];
      }),
    );
    this.#insertKey = insertion(db, SESSIONS, 'ON CONFLICT (id) DO NOTHING');
    this.#insertAccount = insertion(
      db,
      ACCOUNTS,
      'ON CONFLICT (id) DO UPDATE SET balance = excluded.balance, version = excluded.version',
    );
  }

  /** @param bets as they are to be written, where they are not those of the segment. */
  insert(rows: SegmentRows, bets: readonly BetRow[] = rows.bets): void {
    for (const { sessionId: id, accountId, publicKey } of rows.keys)
      this.#insertKey.run({ ...KEY_ONLY, id, accountId, tokenHash: id, publicKey });
    for (const { id, kind, currency, balance, version } of rows.accounts)
      this.#insertAccount.run({ ...UNUSED, id, kind, currency, balance, version });
    for (const [part, insert] of this.#inserts)
      for (const row of part === 'bets' ? bets : rows[part]) insert.run(row);
  }

  /**
   * Reads every row again.
   * @param mayGo rows that need not be there, but as they are where they are.
   * @returns sentences on rows that are missing or different, `max` at most.
   */
  compare(
    rows: SegmentRows,
    max: number,
    mayGo: (part: StoredPart, row: Row) => boolean = () => false,
  ): string[] {
    const faults: string[] = [];
    for (const part of STORED_PARTS) {
      for (const run of inRuns(rows[part], keyOf(part).field)) {
        faults.push(...this.#differences(part, run, mayGo));
        if (faults.length >= max) return faults.slice(0, max);
      }
    }
    return faults;
  }

  /** @param rows in the order of their numbers; between them there may be rows of other segments. */
  #differences(
    part: StoredPart,
    rows: readonly Row[],
    mayGo: (part: StoredPart, row: Row) => boolean,
  ): string[] {
    const { name, fields } = PARTS[part];
    const { field: key } = keyOf(part);
    const reads = present(this.#reads.get(part), 'statement of the part');
    const stored = reads.all(rows[0]?.[key] ?? null, rows.at(-1)?.[key] ?? null);
    let next = 0;
    return rows.flatMap((row) => {
      let found = stored[next];
      while (found !== undefined && isBehind(row, found, key)) found = stored[++next];
      if (found === undefined || found[key] !== row[key])
        return mayGo(part, row) ? [] : [`row ${row[key]} of ${name} is missing`];
      return fields.every(({ field }) => found[field] === row[field])
        ? []
        : [`row ${row[key]} of ${name} is different`];
    });
  }

  finalize(): void {
    for (const statement of [
      ...this.#inserts.values(),
      ...this.#reads.values(),
      this.#insertKey,
      this.#insertAccount,
    ])
      statement.finalize();
  }
}

const keyOf = (part: StoredPart) => PARTS[part].key[0];

/**
 * Rows whose numbers lie close together: a bet that was open for long may be far from all others of its
 * segment.
 */
function* inRuns(rows: readonly Row[], key: string): Generator<readonly Row[]> {
  const numberAt = (index: number): number => Number(rows[index]?.[key]);
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const end = numberAt(from) + ROWS_AT_ONCE;
    while (to < rows.length && numberAt(to) < end) to += 1;
    yield rows.slice(from, to);
  }
}
