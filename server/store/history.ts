import { Value } from '@sinclair/typebox/value';
import type { Database, Statement } from 'bun:sqlite';
import type { PathPoint } from '../game/path.ts';
import type { GridRevision } from '../game/revision.ts';
import type { PublishedTerms } from '../game/terms.ts';
import { decodeSources, tickLine, type Tick } from '../game/tick.ts';
import type {
  AccountRecord,
  BatchContents,
  BatchRecord,
  BesideCheck,
  BetRecord,
  CheckpointRecord,
  EntryRecord,
  Fault,
  History,
  NumberedTable,
  RevisionRecord,
  SignedOrder,
  TallyRecord,
  TickRecord,
} from '../ports/history.ts';
import type { OperatorAction } from '../ports/operator.ts';
import { TermsShape } from '../ports/terms-shape.ts';
import { publishedTerms, type TermsRow } from './action-row.ts';
import { BESIDE_CHAIN } from './beside-chain.ts';
import { constraintFaults } from './constraints.ts';
import { prepare, type Binding } from './database.ts';
import { foreignKeyFaults, pageFaults, schemaFaults, tableNames } from './file-faults.ts';
import { historyStatements, type PathRow, type RevisionRow, type TickRow } from './history-statements.ts';
import {
  actionLine,
  batchHash,
  closedLine,
  entryLine,
  GENESIS_HASH,
  lockLine,
  placedLine,
  revisionLine,
  tickHash,
  type ClosedLine,
  type LockLine,
  type PlacedLine,
  type RevisionLine,
} from './posting/chain.ts';
import { revisionOf } from './revision-row.ts';

/** The history in a SQLite file: the live one through a reader's connection, or a copy. */
export class SqliteHistory implements History {
  readonly genesisHash = GENESIS_HASH;
  readonly #sql: ReturnType<typeof historyStatements>;

  constructor(private readonly db: Database) {
    this.#sql = historyStatements(db);
  }

  begin(): void {
    this.db.run('BEGIN');
  }

  end(): void {
    if (this.db.inTransaction) this.db.run('COMMIT');
  }

  head(): BatchRecord | null {
    return this.#sql.head.get();
  }

  batch(seq: number): BatchRecord | null {
    return this.#sql.batch.get(seq);
  }

  firstBatch(): BatchRecord | null {
    return this.#sql.firstBatch.get();
  }

  batchFrom(at: number): BatchRecord | null {
    const last = this.head()?.seq ?? 0;
    const seq = halved(0, last, (middle) => (this.batch(middle)?.at ?? 0) < at);
    return this.#sql.batchesAfter.get(seq, 1);
  }

  batchesAfter(seq: number, limit: number): BatchRecord[] {
    return this.#sql.batchesAfter.all(seq, limit);
  }

  numberBefore(table: NumberedTable, batch: number): number {
    const column = NUMBER_OF[table];
    const next = prepare<{ number: number; batch: number }>(
      this.db,
      `SELECT ${column} AS number, batch FROM ${table} WHERE ${column} >= $1 ORDER BY ${column} LIMIT 1`,
    );
    const last = prepare<{ number: number }>(
      this.db,
      `SELECT COALESCE(MAX(${column}), 0) AS number FROM ${table}`,
    ).get()!.number;
    return halved(0, last, (middle) => (next.get(middle)?.batch ?? Infinity) < batch);
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

  entriesAfter(id: number, limit: number): EntryRecord[] {
    return this.#sql.entriesAfter.all(id, limit);
  }

  ticksAfter(seq: number, limit: number): TickRecord[] {
    return this.#sql.ticksAfter.all(seq, limit).map(tickRecord);
  }

  revisionsAfter(number: number, limit: number): RevisionRecord[] {
    return this.#sql.revisionsAfter
      .all(number, limit)
      .map((row) => ({ batch: row.batch, number: row.revision, revision: gridRevision(row), row }));
  }

  actionsAfter(seq: number, limit: number): OperatorAction[] {
    return this.#sql.actionsAfter.all(seq, limit);
  }

  terms(): PublishedTerms[] {
    return this.#sql.terms.all().flatMap(readTerms);
  }

  revision(number: number): GridRevision | null {
    return readRevision(this.#sql.revision.get(number));
  }

  revisionFrom(at: number): GridRevision | null {
    return readRevision(this.#sql.revisionFrom.get(at));
  }

  tick(seq: number): PathPoint | null {
    const row = this.#sql.tick.get(seq);
    return row === null ? null : pathPoint(row);
  }

  path(from: number, to: number): PathPoint[] {
    return this.#sql.path.all(from, to).map(pathPoint);
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
    return this.#sql.counts.get()!;
  }

  ordersAfter(id: number, limit: number): SignedOrder[] {
    return this.#sql.ordersAfter.all(id, limit);
  }

  batchHash(
    batch: BatchRecord,
    previousHash: string,
    tickHead: string,
    { bets, locks, entries, revisions, actions }: BatchContents,
  ): string {
    return batchHash(batch.seq, batch.at, previousHash, {
      bets: bets.map((bet) => placedLine(placed(bet))),
      locks: locks.map((bet) => lockLine(lockOf(bet))),
      entries: entries.flatMap(({ entry, closed }) =>
        closed === null ? [entryLine(entry)] : [entryLine(entry), closedLine(closing(closed))],
      ),
      revisions: revisions.map(({ row }) => revisionLine(row as RevisionLine)),
      actions: actions.map(actionLine),
      tickHash: tickHead,
    });
  }

  tickHash(previousHash: string, ticks: readonly Tick[]): string {
    return tickHash(previousHash, ticks.map(tickLine));
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

  close(): void {
    for (const statement of Object.values<Statement<unknown, Binding[]>>(this.#sql)) statement.finalize();
    this.db.close();
  }
}

const NUMBER_OF: Readonly<Record<NumberedTable, string>> = {
  bets: 'seq',
  ledger: 'id',
  ticks: 'seq',
  revisions: 'revision',
  operator_actions: 'seq',
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

const pathPoint = ({ seq, at, price, sources }: PathRow): PathPoint => ({
  seq,
  at,
  price: price as Tick['price'],
  sources: decodeSources(sources),
});
const tickRecord = ({ batch, hash, ...row }: TickRow): TickRecord => ({ tick: pathPoint(row), batch, hash });

/** Of a file that other hands have been at the text may be anything. */
function readTerms(row: TermsRow): PublishedTerms[] {
  try {
    const published = publishedTerms(row);
    return Value.Check(TermsShape, published.terms) ? [published] : [];
  } catch {
    return [];
  }
}

const gridRevision = ({ batch: _, ...row }: RevisionRow): GridRevision => revisionOf(row);
const readRevision = (row: RevisionRow | null): GridRevision | null =>
  row === null ? null : gridRevision(row);

const placed = (bet: BetRecord): PlacedLine => ({
  ...bet,
  nonce: bet.nonce ?? '',
  filledMultiplier: bet.filled === 1 ? bet.locked : null,
  filledRevision: bet.filled === 1 ? bet.lockedRevision : null,
});
const lockOf = (bet: BetRecord): LockLine => ({
  seq: bet.seq,
  betId: bet.id,
  multiplier: bet.locked as number,
  revision: bet.lockedRevision as number,
});
const closing = (bet: BetRecord): ClosedLine => ({
  betId: bet.id,
  status: bet.status,
  closedAt: bet.closedAt as number,
  closedTick: bet.closedTick,
  voidReason: bet.voidReason,
  lockedRevision: bet.lockedRevision,
});
