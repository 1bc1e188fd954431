import { present } from '../game/present.ts';
import type { Bet } from '../game/bet.ts';
import { cellId, type Cell } from '../game/grid.ts';
import { type Currency, micros, type Micros } from '../game/money.ts';
import type { Account, Session } from '../game/session.ts';
import type { ArchivedPart } from '../ports/archived.ts';
import type {
  Books,
  BucketReturn,
  ClosingSpan,
  Intent,
  LedgerRow,
  NamedAccount,
  Page,
} from '../ports/books.ts';
import { AccountDay } from './account-day.ts';
import { booksStatements, type PlacedRow } from './books-statements.ts';
import { readCursor } from './cursor.ts';
import { SqliteLogBooks } from './log-books.ts';
import type { Versions } from './rows/revision.ts';
import { pageOf, PAGE_ROWS_MAX } from './page.ts';
import { internalAccount } from './rows/internal-account.ts';
import { restrictionOf } from './restricted.ts';
import type { AccountRow } from './rows/account.ts';
import { betOf } from './rows/bet.ts';
import { limitsOf } from './rows/limits.ts';

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
export class SqliteBooks extends SqliteLogBooks implements Books {
  readonly #sql: ReturnType<typeof booksStatements>;
  readonly #day: AccountDay;

  /** @param path of a migrated database in WAL mode. */
  constructor(path: string, cacheKib?: number, versions?: Versions) {
    super(path, cacheKib, versions);
    this.#sql = this.prepared(booksStatements);
    this.#day = this.prepared((db) => new AccountDay(db));
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
    return present(this.#sql.lastSeen.get(accountId), 'time of the last visit').at;
  }

  nameOf(accountId: string): string | null {
    return this.#sql.nameOf.get(accountId)?.name ?? null;
  }

  names(): readonly NamedAccount[] {
    return this.#sql.names.all();
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
      if (oldest === undefined || rows.length < BOARD_CLOSED_STEP) break;
      if ((oldest.closedAt ?? 0) < since - BOARD_CLOSED_AGE_MS_MAX) break;
      below = oldest.position;
    }
    return bets
      .filter(({ cell }) => cell.startMs + cell.windowMs >= since)
      .sort((a, b) => b.placedAt - a.placedAt);
  }

  versionBefore(accountId: string, at: number): number {
    return this.#day.versionBefore(accountId, at);
  }

  closingsAfter(accountId: string, version: number, versionsMax: number): ClosingSpan {
    return this.#day.closingsAfter(accountId, version, versionsMax);
  }

  betsOnCell(accountId: string, cell: Cell): readonly Bet[] {
    return this.#sql.betsOnCell.all(cellId(cell), accountId).map(betOf);
  }

  intentOf(betId: string): Intent | null {
    return this.#sql.intentOf.get(betId);
  }

  ledgerOf(betId: string): readonly LedgerRow[] {
    return this.#sql.ledgerOf.all(betId);
  }

  openBets(): readonly Bet[] {
    return this.#sql.openBets
      .all()
      .sort((a, b) => a.seq - b.seq)
      .map(betOf);
  }

  bankroll(currency: Currency): Micros {
    return micros(present(this.#sql.account.get(internalAccount('house', currency)), 'account').balance);
  }

  commitsOf(betId: string): { placed: number; locked: number | null } | null {
    return this.#sql.commitsOf.get(betId);
  }

  /**
   * Cost grows with the number of different multipliers, not of bets: the sums are kept as bets close. Past
   * nine billion dollars (2^53 micros) their last digits are rounded; they are for a look, and no money moves
   * by them.
   */
  returnsByBucket(currency: Currency, edges: readonly number[]): readonly BucketReturn[] {
    return edges.slice(1).map((to, index) => {
      const from = present(edges[index], 'edge of a bucket');
      const sums = present(this.#sql.returns.get(currency, from, to), 'sum of returns');
      return {
        from,
        to,
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

  /** Bets that are not archived. */
  unarchivedBets(): number {
    return Math.max(0, present(this.#sql.unarchived.get(), 'count of bets').bets);
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

  #accountOf(row: AccountRow | null): Account | null {
    if (row === null) return null;
    const openStake = present(this.#sql.openStake.get(row.id), 'sum of open stakes').stake;
    return {
      id: row.id,
      currency: row.currency,
      address: row.address,
      balance: micros(row.balance),
      openStake: micros(openStake),
      limits: limitsOf(row),
      restriction: restrictionOf(this.#sql.restriction.get(row.id)),
    };
  }
}
