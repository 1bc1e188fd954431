import { Value } from '@sinclair/typebox/value';
import type { Database, Statement } from 'bun:sqlite';
import { present } from '../game/present.ts';
import type { PathPoint } from '../game/path.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import type { GridRevision } from '../game/revision.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type {
  AccountRecord,
  BesideCheck,
  BetRecord,
  CheckpointRecord,
  Fault,
  History,
  NumberedTable,
  SignedOrder,
  TallyRecord,
} from '../ports/history.ts';
import { TermsShape } from '../ports/terms-shape.ts';
import { BESIDE_CHAIN } from './checks/beside-chain.ts';
import { constraintFaults } from './checks/constraints.ts';
import { prepare, type Binding } from './database.ts';
import { foreignKeyFaults, pageFaults, schemaFaults, tableNames } from './checks/file-faults.ts';
import { historyStatements } from './history-statements.ts';
import { LearnedVersions } from './learned-versions.ts';
import { newestNumber } from './row-statements.ts';
import { ACTIONS, publishedTerms, type ActionRow } from './rows/action.ts';
import type { BatchRow } from './rows/batch.ts';
import { BETS } from './rows/bet.ts';
import { LEDGER, type EntryRow } from './rows/entry.ts';
import { revisionOf, REVISIONS, type RevisionRow } from './rows/revision.ts';
import type { Table } from './rows/table.ts';
import { SHADOW_BLOCKS, type ShadowRow } from './rows/shadow.ts';
import { tickOf, TICKS, type TickRow } from './rows/tick.ts';
import type { TermsRow } from './terms.ts';
import { houseIdOf } from './house-id.ts';

/** The history in a SQLite file: the live one through a reader's connection, or a copy. */
export class SqliteHistory implements History {
  readonly #sql: ReturnType<typeof historyStatements>;
  readonly #versions: LearnedVersions;

  constructor(private readonly db: Database) {
    this.#sql = historyStatements(db);
    this.#versions = new LearnedVersions(db);
  }

  /** Which house it is of; null for books of before houses had ids. */
  house(): string | null {
    return houseIdOf(this.db);
  }

  begin(): void {
    this.db.run('BEGIN');
  }

  end(): void {
    if (this.db.inTransaction) this.db.run('COMMIT');
  }

  head(): BatchRow | null {
    return this.#sql.head.get();
  }

  batch(seq: number): BatchRow | null {
    return this.#sql.batch.get(seq);
  }

  firstBatch(): BatchRow | null {
    return this.#sql.firstBatch.get();
  }

  batchFrom(at: number): BatchRow | null {
    const last = this.head()?.seq ?? 0;
    const seq = halved(0, last, (middle) => (this.batch(middle)?.at ?? 0) < at);
    return this.#sql.batchesAfter.get(seq, 1);
  }

  batchesAfter(seq: number, limit: number): BatchRow[] {
    return this.#sql.batchesAfter.all(seq, limit);
  }

  numberBefore(table: NumberedTable, batch: number): number {
    const numbered = NUMBERED[table];
    const { name: column } = numbered.key[0];
    const next = prepare<{ number: number; batch: number }>(
      this.db,
      `SELECT ${column} AS number, batch FROM ${table} WHERE ${column} >= $1 ORDER BY ${column} LIMIT 1`,
    );
    try {
      return halved(
        0,
        newestNumber(this.db, numbered),
        (middle) => (next.get(middle)?.batch ?? Infinity) < batch,
      );
    } finally {
      next.finalize();
    }
  }

  betsAfter(seq: number, limit: number): BetRecord[] {
    return this.#sql.betsAfter.all(seq, limit);
  }

  bet(seq: number): BetRecord | null {
    return this.#sql.bet.get(seq);
  }

  betsOpenAt(batch: number, entryId: number): BetRecord[] {
    return this.#sql.betsOpenAt.all(batch, entryId);
  }

  entriesAfter(id: number, limit: number): EntryRow[] {
    return this.#sql.entriesAfter.all(id, limit);
  }

  ticksAfter(seq: number, limit: number): TickRow[] {
    return this.#sql.ticksAfter.all(seq, limit);
  }

  revisionsAfter(number: number, limit: number): RevisionRow[] {
    return this.#sql.revisionsAfter.all(number, limit);
  }

  shadowAfter(block: number, limit: number): ShadowRow[] {
    return this.#sql.shadowAfter.all(block, limit);
  }

  actionsAfter(seq: number, limit: number): ActionRow[] {
    return this.#sql.actionsAfter.all(seq, limit);
  }

  terms(): PublishedTerms[] {
    return this.#sql.terms.all().flatMap(readTerms);
  }

  learned(block: number): LearnedBoards {
    return this.#versions.of(block);
  }

  revision(number: number): GridRevision | null {
    return this.#revision(this.#sql.revision.get(number));
  }

  revisionFrom(at: number): GridRevision | null {
    return this.#revision(this.#sql.revisionFrom.get(at));
  }

  tick(seq: number): PathPoint | null {
    const row = this.#sql.tick.get(seq);
    return row === null ? null : tickOf(row);
  }

  path(from: number, to: number): PathPoint[] {
    return this.#sql.path.all(from, to).map(tickOf);
  }

  account(id: string): AccountRecord | null {
    return this.#sql.account.get(id);
  }

  accountsAfter(id: string, limit: number): AccountRecord[] {
    return this.#sql.accountsAfter.all(id, limit);
  }

  checkpoints(): CheckpointRecord[] {
    return this.#sql.checkpoints.all();
  }

  tallies(): TallyRecord[] {
    return this.#sql.tallies.all();
  }

  counts(): { orders: number; open: number } {
    return present(this.#sql.counts.get(), 'row of counts');
  }

  ordersAfter(id: number, limit: number): SignedOrder[] {
    return this.#sql.ordersAfter.all(id, limit);
  }

  schemaFaults(): string[] {
    return schemaFaults(this.db);
  }

  tables(): string[] {
    return tableNames(this.db);
  }

  pageFaults(table: string, limit: number): string[] {
    return pageFaults(this.db, table, limit);
  }

  constraintFaults(table: string, limit: number): Fault[] {
    return constraintFaults(this.db, table, limit);
  }

  besideFaults(check: BesideCheck, limit: number): Fault[] {
    return BESIDE_CHAIN[check].flatMap((sql) => prepare<Fault>(this.db, `${sql} LIMIT ${limit}`).all());
  }

  referenceFaults(limit: number): string[] {
    return foreignKeyFaults(this.db, limit);
  }

  #revision(row: RevisionRow | null): GridRevision | null {
    return row === null ? null : revisionOf(row, this.#versions.of);
  }

  close(): void {
    this.#versions.finalize();
    for (const statement of Object.values<Statement<unknown, Binding[]>>(this.#sql)) statement.finalize();
    this.db.close();
  }
}

const NUMBERED: Readonly<Record<NumberedTable, Table>> = {
  bets: BETS,
  ledger: LEDGER,
  ticks: TICKS,
  revisions: REVISIONS,
  shadow_blocks: SHADOW_BLOCKS,
  operator_actions: ACTIONS,
};

/**
 * The highest number in [low, high] for which `below` holds, or `low`; it holds up to some number and not
 * after it.
 */
function halved(low: number, high: number, below: (number: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (below(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}

/** Of a file that other hands have been at the text may be anything. */
function readTerms(row: TermsRow): PublishedTerms[] {
  try {
    const published = publishedTerms(row);
    return Value.Check(TermsShape, published.terms) ? [published] : [];
  } catch {
    return [];
  }
}
