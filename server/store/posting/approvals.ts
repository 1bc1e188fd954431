import type { Database } from 'bun:sqlite';
import type { Currency } from '../../game/money.ts';
import { sameName, type AloneLimits, type OperatorDeed, type OperatorOrder } from '../../game/operator.ts';
import { WAITING_MS_MAX, type OperatorAction } from '../../ports/operator.ts';
import { prepare } from '../database.ts';
import { selected } from '../row-statements.ts';
import { ACTIONS } from '../rows/action.ts';
import { waitingRequests } from '../waiting-orders.ts';

/** Requests that may wait at one time. */
const WAITING_ORDERS_MAX = 100;
/** What was moved in so long counts together. */
const COUNTED_MS = 86_400_000;

type Transfer = Extract<OperatorDeed, { readonly what: 'transfer' }>;

/** What needs a second person, and what waits for one. All of it follows from the rows. */
export class Approvals {
  readonly #statements: ReturnType<typeof statements>;
  readonly #waiting: (now: number) => readonly OperatorAction[];

  constructor(db: Database) {
    this.#statements = statements(db);
    this.#waiting = waitingRequests(db);
  }

  /**
   * Whether money that nobody else has looked at would come to a limit by this order: what this operator
   * moved in 24 hours, or what all did, in the currency of the account.
   */
  needsSecond({ deed, operator }: OperatorOrder, alone: AloneLimits, at: number): boolean {
    if (deed.what !== 'transfer') return false;
    const amount = Math.abs(deed.amount);
    const { own, all } = this.#movedBefore(operator, deed, at);
    return own + amount >= alone.each || all + amount >= alone.all;
  }

  /** The request of that order that is newest, with what became of it; null where it was never asked for. */
  requestOf(
    orderId: string,
    at: number,
  ): { readonly request: OperatorAction; readonly state: RequestState } | null {
    const newest = this.#statements.newest.get(orderId);
    if (newest === null) return null;
    if (newest.what === 'dismiss') return { request: newest, state: 'dismissed' };
    return { request: newest, state: at - newest.at < WAITING_MS_MAX ? 'waiting' : 'expired' };
  }

  hasRoom(at: number): boolean {
    return this.#waiting(at).length < WAITING_ORDERS_MAX;
  }

  #movedBefore(operator: string, { accountId }: Transfer, at: number): { own: number; all: number } {
    const currency = this.#statements.currency.get(accountId)?.currency;
    let [own, all] = [0, 0];
    for (const row of this.#statements.movedSince.iterate(at - COUNTED_MS)) {
      if (row.currency !== currency) continue;
      const amount = Math.abs(Number(row.detail.split(' ')[1]));
      all += amount;
      if (sameName(row.operator, operator)) own += amount;
    }
    return { own, all };
  }
}

export type RequestState = 'waiting' | 'dismissed' | 'expired';

const statements = (db: Database) => ({
  newest: prepare<OperatorAction>(
    db,
    `SELECT ${selected(ACTIONS)} FROM operator_actions
    WHERE (what = 'request' OR what = 'dismiss') AND target = $1 ORDER BY seq DESC LIMIT 1`,
  ),
  currency: prepare<{ currency: Currency }>(db, 'SELECT currency FROM accounts WHERE id = $1'),
  movedSince: prepare<{ operator: string; detail: string; currency: Currency }>(
    db,
    `SELECT o.operator, o.detail, a.currency FROM operator_actions o JOIN accounts a ON a.id = o.target
    WHERE o.what = 'transfer' AND o.at > $1 AND o.approved_by IS NULL`,
  ),
});
