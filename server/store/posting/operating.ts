import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { micros } from '../../game/money.ts';
import { isRunning, maintenanceText } from '../../game/maintenance.ts';
import { nameOfDeed, sameName, type OperatorDeed, type OperatorOrder } from '../../game/operator.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import { restrictionText, type Restriction } from '../../game/restriction.ts';
import type { Operation, OperationResult, Settlement } from '../../ports/ledger.ts';
import type { OperatorAction, OperatorRefusal } from '../../ports/operator.ts';
import { prepare } from '../database.ts';
import { insertInto, newestNumber, selected } from '../row-statements.ts';
import { ACTIONS, actionLine } from '../rows/action.ts';
import { plainId } from '../rows/line.ts';
import { requestedOrder } from '../waiting-orders.ts';
import type { Approvals } from './approvals.ts';
import type { Batch } from './batch.ts';
import type { BlockedRanges } from './blocked-ranges.ts';
import type { CalendarBook } from './calendar-book.ts';
import type { MaintenancePlan } from './maintenance-plan.ts';
import type { Names } from './names.ts';
import type { OpenBook } from './open-book.ts';
import type { Registry } from './registry.ts';
import type { Restrictions } from './restrictions.ts';
import type { Settling } from './settling.ts';

type Operate = Extract<Operation, { readonly kind: 'operate' }>;
type Approve = Extract<Operation, { readonly kind: 'approve-order' }>;

/** What a deed touched and how that stood before and after it, in words for the log. */
interface Effect {
  readonly target: string;
  readonly detail: string;
  readonly before: string;
  readonly after: string;
  readonly bets: readonly Settlement[];
}

/** What operators set that holds until they take it back. */
export interface Settable {
  readonly approvals: Approvals;
  readonly restrictions: Restrictions;
  readonly ranges: BlockedRanges;
  readonly plan: MaintenancePlan;
  readonly calendar: CalendarBook;
  readonly names: Names;
}

const NO_BETS: readonly Settlement[] = [];

/**
 * Operators' actions: the effect and the row that records it are one commit and one link of the chain.
 */
export class Operating {
  readonly #statements: ReturnType<typeof statements>;
  #nextSeq: number;

  constructor(
    db: Database,
    private readonly registry: Registry,
    private readonly settling: Settling,
    private readonly book: OpenBook,
    private readonly set: Settable,
  ) {
    this.#statements = statements(db);
    this.#nextSeq = 1 + newestNumber(db, ACTIONS);
  }

  /**
   * The same order again gets the same answer; a different one with its id is `id_reused`. What needs a
   * second person is recorded as a request, and refused with `approval_needed`; what the balance does not
   * allow is refused at once.
   */
  operate({ order, at, alone, mayWait = false }: Operate, batch: Batch): OperationResult {
    const seen = this.#statements.action.get(plainId(order.id));
    if (seen !== null)
      return isSame(seen, order)
        ? { kind: 'operated', replayed: true, action: seen, bets: NO_BETS }
        : { kind: 'not-operated', refused: 'id_reused' };
    if (alone !== undefined && this.set.approvals.needsSecond(order, alone, at))
      return { kind: 'not-operated', refused: mayWait ? this.#ask(order, at, batch) : 'two_tokens_needed' };
    return this.#do(order, at, batch);
  }

  /** Carries out a waiting order; the same approval again gets the same answer. */
  approve({ id, by, at }: Approve, batch: Batch): OperationResult {
    const seen = this.#statements.action.get(id);
    if (seen !== null && seen.approvedBy === by)
      return { kind: 'operated', replayed: true, action: seen, bets: NO_BETS };
    const asked = seen === null ? this.set.approvals.requestOf(id, at) : null;
    const order = asked?.state === 'waiting' ? requestedOrder(asked.request) : null;
    if (order === null) return { kind: 'not-operated', refused: 'not_waiting' };
    if (sameName(order.operator, by)) return { kind: 'not-operated', refused: 'same_person' };
    return this.#do({ ...order, approvedBy: by }, at, batch);
  }

  #ask(order: OperatorOrder, at: number, batch: Batch): OperatorRefusal {
    const asked = this.set.approvals.requestOf(order.id, at);
    const deed = { what: 'request', order: order.id, deed: order.deed } as const;
    if (asked?.state === 'dismissed') return 'dismissed';
    if (asked?.state === 'waiting')
      return isSame({ ...asked.request, what: 'request' }, { ...order, deed })
        ? 'approval_needed'
        : 'id_reused';
    const refusal = order.deed.what === 'transfer' ? this.registry.transferRefusal(order.deed) : null;
    if (refusal !== null) return refusalOf(refusal);
    if (!this.set.approvals.hasRoom(at)) return 'too_many_waiting';
    // No order can have this id.
    const id = `request:${this.#nextSeq}`;
    this.#write({ ...order, id, deed }, { ...nameOfDeed(deed), before: '', after: 'waiting' }, at, batch);
    return 'approval_needed';
  }

  #do(order: OperatorOrder, at: number, batch: Batch): OperationResult {
    const effect = this.#carryOut(order, at);
    if (typeof effect === 'string') return { kind: 'not-operated', refused: effect };
    const { bets, ...report } = effect;
    return { kind: 'operated', replayed: false, action: this.#write(order, report, at, batch), bets };
  }

  #write(order: OperatorOrder, report: Omit<Effect, 'bets'>, at: number, batch: Batch): OperatorAction {
    const { id, operator, approvedBy, reason } = order;
    const action: OperatorAction = {
      seq: this.#nextSeq++,
      id,
      batch: batch.seq,
      at,
      operator,
      approvedBy,
      what: order.deed.what,
      reason,
      ...report,
    };
    this.#statements.insert(action);
    batch.actions.push(actionLine(action));
    return action;
  }

  #carryOut(order: OperatorOrder, at: number): Effect | OperatorRefusal {
    const { deed } = order;
    switch (deed.what) {
      case 'plan-maintenance':
      case 'cancel-maintenance':
        return this.#plan(order, at);
      case 'change-calendar': {
        const states = this.set.calendar.change(deed.change, at);
        return typeof states === 'string' ? states : { ...nameOfDeed(deed), ...states, bets: NO_BETS };
      }
      case 'halt':
      case 'resume':
        if (deed.what === 'resume') this.set.plan.resume(at);
        return {
          ...nameOfDeed(deed),
          before: this.#statements.lastHalt.get()?.what === 'halt' ? 'halted' : 'running',
          after: deed.what === 'halt' ? 'halted' : 'running',
          bets: NO_BETS,
        };
      case 'transfer':
        return this.#transfer(deed, at);
      case 'revoke-sessions':
        return this.#revoke(deed, at);
      case 'void-window':
        return this.#voidWindow(deed, at);
      case 'block':
      case 'unblock':
        return this.#restrict(deed, deed.accountId, { blocked: deed.what === 'block' });
      case 'block-range':
      case 'unblock-range':
        return this.#blockRange(deed);
      case 'limit-account':
        return this.#restrict(deed, deed.accountId, deed.limits);
      case 'remove-name':
        // The log is public, and the name is not any more.
        return this.set.names.remove(deed.accountId, at)
          ? { ...nameOfDeed(deed), before: 'named', after: 'unnamed', bets: NO_BETS }
          : 'not_found';
      case 'dismiss':
        return this.#dismiss(deed, at);
      case 'request':
      case 'publish-terms':
        return { ...nameOfDeed(deed), before: '', after: '', bets: NO_BETS };
    }
  }

  #dismiss(deed: Extract<OperatorDeed, { what: 'dismiss' }>, at: number): Effect | OperatorRefusal {
    const isDone = this.#statements.action.get(deed.order) !== null;
    if (isDone || this.set.approvals.requestOf(deed.order, at)?.state !== 'waiting') return 'not_waiting';
    return { ...nameOfDeed(deed), before: 'waiting', after: 'dismissed', bets: NO_BETS };
  }

  #transfer(deed: Extract<OperatorDeed, { what: 'transfer' }>, at: number): Effect | OperatorRefusal {
    const { accountId, amount, entry } = deed;
    const before = this.#statements.balance.get(accountId)?.balance;
    const result = this.registry.transfer({ kind: 'post-transfer', accountId, amount, entry, at });
    if (result.kind === 'refused') return refusalOf(result.code);
    const after = present(this.#statements.balance.get(accountId), 'balance').balance;
    return { ...nameOfDeed(deed), before: `${before}`, after: `${after}`, bets: NO_BETS };
  }

  #restrict(deed: OperatorDeed, accountId: string, to: Partial<Restriction>): Effect | OperatorRefusal {
    const before = this.set.restrictions.change(accountId, to);
    if (typeof before === 'string') return before;
    const after = restrictionText(this.set.restrictions.of(accountId));
    return { ...nameOfDeed(deed), before: restrictionText(before), after, bets: NO_BETS };
  }

  #blockRange(deed: Extract<OperatorDeed, { readonly range: string }>): Effect | OperatorRefusal {
    const blocks = deed.what === 'block-range';
    const before = this.set.ranges.change(deed.range, blocks);
    if (typeof before === 'string') return before;
    const state = (blocked: boolean) => (blocked ? 'blocked' : 'open');
    return { ...nameOfDeed(deed), before: state(before), after: state(blocks), bets: NO_BETS };
  }

  #plan({ deed, reason }: OperatorOrder, at: number): Effect | OperatorRefusal {
    const { plan } = this.set;
    const before = plan.at(at);
    const planned = deed.what === 'plan-maintenance' ? { from: deed.from, until: deed.until, reason } : null;
    if (planned === null && before === null) return 'no_maintenance';
    if (planned !== null && before !== null && isRunning(before, at)) return 'under_way';
    plan.set(planned);
    return {
      ...nameOfDeed(deed),
      before: maintenanceText(before),
      after: maintenanceText(planned),
      bets: NO_BETS,
    };
  }

  #revoke(deed: Extract<OperatorDeed, { what: 'revoke-sessions' }>, at: number): Effect | OperatorRefusal {
    const { accountId, sessionId } = deed;
    const open = this.#statements.openSessions.all(accountId);
    if (
      this.#statements.balance.get(accountId) === null ||
      (sessionId !== null && !open.some(({ id }) => id === sessionId))
    )
      return 'not_found';
    this.registry.endSessions({ kind: 'end-sessions', accountId, sessionId, at });
    return {
      ...nameOfDeed(deed),
      before: `${open.length} open`,
      after: `${this.#statements.openSessions.all(accountId).length} open`,
      bets: NO_BETS,
    };
  }

  #voidWindow(deed: Extract<OperatorDeed, { what: 'void-window' }>, at: number): Effect | OperatorRefusal {
    const open = this.book.betsOfWindow(deed.startMs);
    if (open.length === 0) return 'not_found';
    const staked = (currency: string): number =>
      micros(open.reduce((sum, bet) => sum + (bet.currency === currency ? bet.stake : 0), 0));
    const before = `${open.length} open bets, PLAY ${staked('PLAY')}, USD ${staked('USD')}`;
    const bets = this.settling.close(
      open.map(({ betId }) => ({ betId, outcome: 'void', voidReason: 'operator', closedAt: at })),
      at,
    );
    return {
      ...nameOfDeed(deed),
      before,
      after: `${this.book.betsOfWindow(deed.startMs).length} open bets`,
      bets,
    };
  }
}

/** How a refused transfer is reported to an operator. */
const refusalOf = (code: RejectionCode): OperatorRefusal =>
  code === 'exposure_account'
    ? 'too_much'
    : code === 'not_found' || code === 'insufficient_balance'
      ? code
      : 'bad_order';

function isSame(action: OperatorAction, { operator, approvedBy, reason, deed }: OperatorOrder): boolean {
  const { target, detail } = nameOfDeed(deed);
  return (
    action.operator === operator &&
    // Who approved it is not the caller's to say.
    (approvedBy === null || action.approvedBy === approvedBy) &&
    action.reason === reason &&
    action.what === deed.what &&
    action.target === target &&
    action.detail === detail
  );
}

const statements = (db: Database) => ({
  action: prepare<OperatorAction>(db, `SELECT ${selected(ACTIONS)} FROM operator_actions WHERE id = $1`),
  lastHalt: prepare<{ what: string }>(
    db,
    `SELECT what FROM operator_actions WHERE what = 'halt' OR what = 'resume' ORDER BY seq DESC LIMIT 1`,
  ),
  insert: insertInto(db, ACTIONS),
  balance: prepare<{ balance: number }>(db, `SELECT balance FROM accounts WHERE id = $1 AND kind = 'player'`),
  openSessions: prepare<{ id: string }>(
    db,
    'SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL',
  ),
});
