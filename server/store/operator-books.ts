import type { Database } from 'bun:sqlite';
import { pageOf } from './page.ts';
import { present } from '../game/present.ts';
import { micros, type Currency, type Micros } from '../game/money.ts';
import type { Page } from '../ports/books.ts';
import type {
  AccountFound,
  OperatorAction,
  OperatorBooks,
  SessionFound,
  WaitingOrder,
} from '../ports/operator.ts';
import type { RefusalRow, RefusalsWanted } from '../ports/refusals.ts';
import type { Headline } from '../game/headline.ts';
import type { Maintenance } from '../game/maintenance.ts';
import { isUnrestricted, type Restriction } from '../game/restriction.ts';
import { readCursor } from './cursor.ts';
import { openReaderDatabase, prepare } from './database.ts';
import { newsCalendar } from './news-calendar.ts';
import { plannedMaintenance } from './planned-maintenance.ts';
import { internalAccount } from './rows/internal-account.ts';
import {
  BLOCKED_RANGES,
  RESTRICTED_ACCOUNTS,
  RESTRICTION_OF_ACCOUNT,
  restrictionOf,
  type RangeRow,
  type RestrictedRow,
} from './restricted.ts';
import { waitingOrders, waitingRequests } from './waiting-orders.ts';
import { picked, selected } from './row-statements.ts';
import { ACTIONS } from './rows/action.ts';
import { refusalOf, REFUSALS, type StoredRefusal } from './rows/refusal.ts';
import { SESSIONS } from './rows/session.ts';

const PREFIX_LENGTH_MIN = 4;
const ROWS_MAX = 200;

/** What operators look up, on a connection of its own. */
export class SqliteOperatorBooks implements OperatorBooks {
  readonly #db: Database;
  readonly #sql: ReturnType<typeof statements>;
  readonly #requests: (now: number) => readonly OperatorAction[];
  readonly #plannedMaintenance: () => Maintenance | null;
  readonly #newsCalendar: () => readonly Headline[];

  /**
   * @param path of a migrated database in WAL mode.
   * @param addressOf the spelling under which an address is kept; null for what is none.
   */
  constructor(
    path: string,
    private readonly addressOf: (text: string) => string | null,
  ) {
    this.#db = openReaderDatabase(path);
    this.#sql = statements(this.#db);
    this.#requests = waitingRequests(this.#db);
    this.#plannedMaintenance = plannedMaintenance(this.#db);
    this.#newsCalendar = newsCalendar(this.#db);
  }

  findAccounts(text: string, limit: number): readonly AccountFound[] {
    const rows = Math.min(limit, ROWS_MAX);
    const address = this.addressOf(text);
    // `~` comes after every character of an id.
    const found =
      address !== null
        ? this.#sql.byAddress.all(address, rows)
        : this.#sql.byId.all(text, text.length < PREFIX_LENGTH_MIN ? text : `${text}~`, rows);
    return found.map((account) => ({
      ...account,
      restriction: restrictionOf(this.#sql.restriction.get(account.id)),
    }));
  }

  sessionsOf(accountId: string, limit: number): readonly SessionFound[] {
    return this.#sql.sessions.all(accountId, Math.min(limit, ROWS_MAX));
  }

  /** Newest first. @throws Failure `bad_cursor` */
  actions(cursor: string | null, limit: number): Page<OperatorAction> {
    const below = readCursor('actions', cursor);
    const read = (rows: number) => this.#sql.actions.all(below, rows);
    return pageOf(
      'actions',
      Math.min(limit, ROWS_MAX),
      read,
      ({ seq }) => seq,
      (action) => action,
    );
  }

  /** Newest first. @throws Failure `bad_cursor` */
  refusals(
    { accountId, from = 0, to = Number.MAX_SAFE_INTEGER }: RefusalsWanted,
    cursor: string | null,
    limit: number,
  ): Page<RefusalRow> {
    const below = readCursor('refusals', cursor);
    const read = (rows: number) =>
      accountId === undefined
        ? this.#sql.refusals.all(from, to, below, rows)
        : this.#sql.refusalsOf.all(accountId, below, from, to, rows);
    return pageOf('refusals', Math.min(limit, ROWS_MAX), read, ({ id }) => id, refusalOf);
  }

  lastHalt(): OperatorAction | null {
    const last = this.#sql.lastHalt.get();
    return last?.what === 'halt' ? last : null;
  }

  restricted(): readonly (readonly [accountId: string, Restriction])[] {
    return this.#sql.restricted
      .all()
      .map((row) => [row.accountId, restrictionOf(row)] as const)
      .filter(([, restriction]) => !isUnrestricted(restriction));
  }

  waiting(now: number): readonly WaitingOrder[] {
    return waitingOrders(this.#requests(now));
  }

  calendar(): readonly Headline[] {
    return this.#newsCalendar();
  }

  maintenance(): Maintenance | null {
    return this.#plannedMaintenance();
  }

  blockedRanges(): readonly string[] {
    return this.#sql.blockedRanges.all().map(({ range }) => range);
  }

  /**
   * By halving over the versions of the house's account, which grow with the time; archived ones count as
   * older.
   */
  bankrollAt(currency: Currency, at: number): Micros {
    const house = internalAccount('house', currency);
    const now = present(this.#sql.account.get(house), 'account');
    let [from, to] = [0, now.version];
    while (from < to) {
      const middle = Math.ceil((from + to) / 2);
      if ((this.#sql.entry.get(house, middle)?.at ?? -Infinity) <= at) from = middle;
      else to = middle - 1;
    }
    const entry = this.#sql.entry.get(house, from) ?? this.#sql.oldest.get(house);
    return micros(entry?.left ?? now.balance);
  }

  close(): void {
    this.#db.close();
  }
}

type FoundRow = Omit<AccountFound, 'restriction'>;

const ACCOUNT = `SELECT a.id, a.currency, a.address, a.balance, a.opened_at AS "openedAt",
  (SELECT COALESCE(SUM(b.stake), 0) FROM bets b
    WHERE b.account_id = a.id AND b.closing_entry IS NULL) AS "openStake",
  (SELECT COUNT(*) FROM bets b WHERE b.account_id = a.id AND b.closing_entry IS NULL) AS "openBets",
  (SELECT COUNT(*) FROM sessions s WHERE s.account_id = a.id AND s.ended_at IS NULL) AS sessions
  FROM accounts a WHERE a.kind = 'player'`;
const REFUSAL = `SELECT ${selected(REFUSALS)} FROM refusals`;
const SESSION = ['id', 'createdAt', 'expiresAt', 'seenAt', 'endedAt'] as const;
const ACTION = `SELECT ${selected(ACTIONS)} FROM operator_actions`;

const statements = (db: Database) => ({
  byId: prepare<FoundRow>(db, `${ACCOUNT} AND a.id >= $1 AND a.id <= $2 ORDER BY a.id LIMIT $3`),
  byAddress: prepare<FoundRow>(db, `${ACCOUNT} AND a.address = $1 ORDER BY a.currency LIMIT $2`),
  sessions: prepare<SessionFound>(
    db,
    `SELECT ${picked(SESSIONS, SESSION)} FROM sessions WHERE account_id = $1
    ORDER BY created_at DESC LIMIT $2`,
  ),
  actions: prepare<OperatorAction>(db, `${ACTION} WHERE seq < $1 ORDER BY seq DESC LIMIT $2`),
  refusalsOf: prepare<StoredRefusal>(
    db,
    `${REFUSAL} WHERE account_id = $1 AND id < $2 AND at >= $3 AND at < $4 ORDER BY id DESC LIMIT $5`,
  ),
  // By the time, for of all accounts there may be millions; below the row that the cursor names.
  refusals: prepare<StoredRefusal>(
    db,
    `${REFUSAL} WHERE at >= $1 AND at < $2 AND at <= COALESCE((SELECT at FROM refusals WHERE id = $3), $2)
    AND (at, id) < (COALESCE((SELECT at FROM refusals WHERE id = $3), $2), $3)
    ORDER BY at DESC, id DESC LIMIT $4`,
  ),
  lastHalt: prepare<OperatorAction>(
    db,
    `${ACTION} WHERE what = 'halt' OR what = 'resume' ORDER BY seq DESC LIMIT 1`,
  ),
  blockedRanges: prepare<RangeRow>(db, BLOCKED_RANGES),
  restricted: prepare<RestrictedRow>(db, RESTRICTED_ACCOUNTS),
  restriction: prepare<RestrictedRow>(db, RESTRICTION_OF_ACCOUNT),
  account: prepare<{ balance: number; version: number }>(
    db,
    'SELECT balance, version FROM accounts WHERE id = $1',
  ),
  entry: prepare<{ at: number; left: number }>(
    db,
    'SELECT at, balance_after AS "left" FROM ledger WHERE account_id = $1 AND version = $2',
  ),
  oldest: prepare<{ at: number; left: number }>(
    db,
    'SELECT at, balance_after AS "left" FROM ledger WHERE account_id = $1 ORDER BY version LIMIT 1',
  ),
});
