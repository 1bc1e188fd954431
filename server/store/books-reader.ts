import type { Database } from 'bun:sqlite';
import { statSync } from 'node:fs';
import type { Bet } from '../game/bet.ts';
import type { Cell } from '../game/grid.ts';
import { micros, type Currency, type Micros } from '../game/money.ts';
import type { Cents } from '../game/price.ts';
import type { GridRevision } from '../game/revision.ts';
import type { Account, Session } from '../game/session.ts';
import type { PublishedTerms } from '../game/terms.ts';
import { decodeSources } from '../game/tick.ts';
import type { ArchivedPart } from '../ports/archived.ts';
import type {
  Books,
  BucketReturn,
  ChainedTick,
  ChainHeads,
  Intent,
  LedgerRow,
  Page,
} from '../ports/books.ts';
import { publishedTerms } from './action-row.ts';
import { betOf } from './bet-row.ts';
import { booksStatements, type AccountRow, type PlacedRow, type TickRow } from './books-statements.ts';
import { readCursor, writeCursor, type CursorList } from './cursor.ts';
import { openReaderDatabase } from './database.ts';
import { GENESIS_HASH } from './posting/chain.ts';
import { limitsOf } from './limits-row.ts';
import { internalAccount } from './posting/entries.ts';
import { revisionOf } from './revision-row.ts';

/** Rows of one page at most. */
export const PAGE_ROWS_MAX = 500;
/** Ticks of one answer at most. */
export const TICKS_MAX = 10_000;
/**
 * Closed bets on a board at most, and how long before `since` one may have closed: a stake comes back before
 * its window opens.
 */
const BOARD_CLOSED_MAX = 512;
const BOARD_CLOSED_STEP = 64;
const BOARD_CLOSED_AGE_MS_MAX = 600_000;

/**
 * Read-only views on a connection of their own. Pages throw `bad_cursor` for a cursor that is not
 * theirs.
 */
export class SqliteBooks implements Books {
  readonly #db: Database;
  readonly #path: string;
  readonly #sql: ReturnType<typeof booksStatements>;

  /** @param path of a migrated database in WAL mode. */
  constructor(path: string, cacheKib?: number) {
    this.#path = path;
    this.#db = openReaderDatabase(path, cacheKib);
    try {
      this.#sql = booksStatements(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  account(id: string): Account | null {
    return this.#accountOf(this.#sql.account.get(id));
  }

  accountByAddress(address: string, currency: Currency): Account | null {
    return this.#accountOf(this.#sql.accountByAddress.get(address, currency));
  }

  /** Null for a session that was ended; one that has expired is returned, its times tell. */
  session(tokenHash: string): Session | null {
    return this.#sql.session.get(tokenHash);
  }

  sessionById(id: string): Session | null {
    return this.#sql.sessionById.get(id);
  }

  isKeyRegistered(publicKey: string): boolean {
    return this.#sql.key.get(publicKey) !== null;
  }

  lastSeen(accountId: string): number | null {
    return this.#sql.lastSeen.get(accountId)!.at;
  }

  statement(accountId: string, cursor: string | null, limit: number): Page<LedgerRow> {
    return pageOf(
      'statement',
      limit,
      (rows) => this.statementRows(accountId, readCursor('statement', cursor), rows),
      ({ version }) => version,
      (row) => row,
    );
  }

  /** Open bets by the time of the tap, closed ones by the time of their closing, newest first. */
  bets(accountId: string, status: 'open' | 'closed', cursor: string | null, limit: number): Page<Bet> {
    const below = readCursor(status, cursor);
    const read = (rows: number): readonly PlacedRow[] =>
      status === 'open'
        ? this.#sql.openBetsOf.all(accountId, below, rows)
        : this.closedRows(accountId, below, rows);
    return pageOf(
      status,
      limit,
      read,
      ({ position }) => position,
      ({ position: _, ...row }) => betOf(row),
    );
  }

  /** Ledger rows of an account below a version, newest first. */
  statementRows(accountId: string, below: number, rows: number): readonly LedgerRow[] {
    return this.#sql.statement.all(accountId, below, rows);
  }

  /** Closed bets of an account, by the version that closed them below one, newest first. */
  closedRows(accountId: string, below: number, rows: number): readonly PlacedRow[] {
    return this.#sql.closedBetsOf.all(accountId, below, rows);
  }

  bet(id: string): Bet | null {
    const row = this.#sql.bet.get(id);
    return row === null ? null : betOf(row);
  }

  boardBets(accountId: string, since: number): readonly Bet[] {
    const bets = this.#sql.openBetsOf
      .all(accountId, Number.MAX_SAFE_INTEGER, PAGE_ROWS_MAX)
      .map(({ position: _, ...row }) => betOf(row));
    let below = Number.MAX_SAFE_INTEGER;
    for (let read = 0; read < BOARD_CLOSED_MAX; read += BOARD_CLOSED_STEP) {
      const rows = this.#sql.closedBetsOf.all(accountId, below, BOARD_CLOSED_STEP);
      bets.push(...rows.map(({ position: _, ...row }) => betOf(row)));
      const oldest = rows.at(-1);
      if (rows.length < BOARD_CLOSED_STEP || oldest!.closedAt! < since - BOARD_CLOSED_AGE_MS_MAX) break;
      below = oldest!.position;
    }
    return bets
      .filter(({ cell }) => cell.startMs + cell.windowMs >= since)
      .sort((a, b) => b.placedAt - a.placedAt);
  }

  intentOf(betId: string): Intent | null {
    return this.#sql.intentOf.get(betId);
  }

  ledgerOf(betId: string): readonly LedgerRow[] {
    return this.#sql.ledgerOf.all(betId);
  }

  revision(number: number): GridRevision | null {
    const row = this.#sql.revision.get(number);
    return row === null ? null : revisionOf(row);
  }

  revisionFrom(at: number): GridRevision | null {
    const row = this.#sql.revisionFrom.get(at);
    return row === null ? null : revisionOf(row);
  }

  lastRevision(): GridRevision | null {
    const row = this.#sql.lastRevision.get();
    return row === null ? null : revisionOf(row);
  }

  /** Ticks with `from <= at < to`, oldest first. */
  ticks(from: number, to: number, limit: number): readonly ChainedTick[] {
    return this.#sql.ticks.all(from, to, bounded(limit, TICKS_MAX)).map(tickOf);
  }

  /** Ticks with `fromSeq <= seq <= toSeq`, oldest first. */
  ticksBySeq(fromSeq: number, toSeq: number, limit: number): readonly ChainedTick[] {
    return this.#sql.ticksBySeq.all(fromSeq, toSeq, bounded(limit, TICKS_MAX)).map(tickOf);
  }

  ticksOf(cell: Cell): readonly ChainedTick[] {
    return this.ticksBySeq(
      this.tickBefore(cell.startMs) ?? 0,
      this.tickFrom(cell.startMs + cell.windowMs) ?? Number.MAX_SAFE_INTEGER,
      TICKS_MAX,
    );
  }

  /** Number of the last tick before `at` ms. */
  tickBefore(at: number): number | null {
    return this.#sql.tickBefore.get(at)?.seq ?? null;
  }

  /** Number of the first tick at or after `at` ms. */
  tickFrom(at: number): number | null {
    return this.#sql.tickFrom.get(at)?.seq ?? null;
  }

  /** The oldest tick and revision that are here: what is before them may be in the archive. */
  firstKept(): {
    readonly tick: { readonly seq: number; readonly at: number } | null;
    readonly revision: { readonly revision: number; readonly at: number } | null;
  } {
    return { tick: this.#sql.firstTick.get(), revision: this.#sql.firstRevision.get() };
  }

  lastTick(): ChainedTick | null {
    const row = this.#sql.lastTick.get();
    return row === null ? null : tickOf(row);
  }

  openBets(): readonly Bet[] {
    return this.#sql.openBets
      .all()
      .sort((a, b) => a.seq - b.seq)
      .map(betOf);
  }

  bankroll(currency: Currency): Micros {
    return micros(this.#sql.account.get(internalAccount('house', currency))!.balance);
  }

  commitsOf(betId: string): { placed: number; locked: number | null } | null {
    return this.#sql.commitsOf.get(betId);
  }

  commitOfTick(seq: number): number | null {
    return this.#sql.commitOfTick.get(seq)?.batch ?? null;
  }

  commitOfRevision(revision: number): number | null {
    return this.#sql.commitOfRevision.get(revision)?.batch ?? null;
  }

  commit(batch: number): ChainHeads['ledger'] | null {
    return this.#sql.commit.get(batch);
  }

  terms(): readonly PublishedTerms[] {
    return this.#sql.terms.all().map(publishedTerms);
  }

  chain(): ChainHeads {
    const ledger = this.#sql.head.get() ?? { batch: 0, hash: GENESIS_HASH, at: 0 };
    const ticks = this.#sql.tickHead.get() ?? { seq: 0, hash: GENESIS_HASH, at: 0 };
    return { ledger, ticks };
  }

  /**
   * Cost grows with the number of different multipliers, not of bets: the sums are kept as bets close. Past
   * nine billion dollars (2^53 micros) their last digits
   * are rounded; they are for a look, and no money moves by them.
   */
  returnsByBucket(currency: Currency, edges: readonly number[]): readonly BucketReturn[] {
    return edges.slice(0, -1).map((from, index) => {
      const sums = this.#sql.returns.get(currency, from, edges[index + 1]!)!;
      return {
        from,
        to: edges[index + 1]!,
        bets: sums.bets,
        staked: sums.staked as Micros,
        paid: sums.paid as Micros,
        returns: sums.returns,
        returnSquares: sums.returnSquares,
      };
    });
  }

  voidsByReason(currency: Currency): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sql.voids.all(currency).map(({ reason, bets }) => [reason, bets]));
  }

  /** Commits in the ledger chain. */
  batches(): number {
    return this.chain().ledger.batch;
  }

  /** Bets that are not archived. */
  unarchivedBets(): number {
    return Math.max(0, this.#sql.unarchived.get()!.bets);
  }

  /** Numbers of the segments that are sealed here; in a file of history, those whose rows it has. */
  segments(): readonly number[] {
    return this.#sql.segments.all().map(({ number }) => number);
  }

  /** Books that stand alone have no archive behind them. */
  archived(_accountId: string): ArchivedPart | null {
    return null;
  }

  segmentsOfBet(_betId: string): readonly number[] {
    return [];
  }

  hasMoved(_accountId: string, _segment: number): boolean {
    return false;
  }

  /** Size of the write-ahead log; it grows while a reader holds back the checkpoint. */
  walBytes(): number {
    return statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  close(): void {
    this.#db.close();
  }

  #accountOf(row: AccountRow | null): Account | null {
    if (row === null) return null;
    const openStake = this.#sql.openStake.get(row.id)!.stake;
    return {
      id: row.id,
      currency: row.currency,
      address: row.address,
      balance: micros(row.balance),
      openStake: micros(openStake),
      limits: limitsOf(row),
    };
  }
}

export const bounded = (limit: number, max: number): number => Math.min(Math.max(1, Math.floor(limit)), max);

/** Asks for one row more than wanted: it tells whether there is a next page. */
function pageOf<Row, Shown>(
  list: CursorList,
  limit: number,
  read: (rows: number) => readonly Row[],
  position: (row: Row) => number,
  show: (row: Row) => Shown,
): Page<Shown> {
  const wanted = bounded(limit, PAGE_ROWS_MAX);
  const rows = read(wanted + 1);
  const shown = rows.slice(0, wanted);
  return {
    rows: shown.map(show),
    cursor: rows.length > wanted ? writeCursor(list, position(shown.at(-1)!)) : null,
  };
}

const tickOf = ({ seq, at, price, sources, hash }: TickRow): ChainedTick => ({
  seq,
  at,
  price: price as Cents,
  sources: decodeSources(sources),
  hash,
});
