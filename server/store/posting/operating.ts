import type { Database } from 'bun:sqlite';
import { micros } from '../../game/money.ts';
import type { OperatorDeed, OperatorOrder } from '../../game/operator.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { OperationResult, Settlement } from '../../ports/ledger.ts';
import type { OperatorAction } from '../../ports/operator.ts';
import { prepare } from '../database.ts';
import { insertInto, selected } from '../row-statements.ts';
import { ACTIONS, actionLine } from '../rows/action.ts';
import { plainId } from '../rows/line.ts';
import type { Batch } from './batch.ts';
import type { OpenBook } from './open-book.ts';
import type { Registry } from './registry.ts';
import type { Settling } from './settling.ts';

/** What a deed touched and how that stood before and after it, in words for the log. */
interface Effect {
  readonly target: string;
  readonly detail: string;
  readonly before: string;
  readonly after: string;
  readonly bets: readonly Settlement[];
}

const NO_BETS: readonly Settlement[] = [];

/**
 * What operators do by hand: the effect and the row that tells of it are one commit, and one link of the
 * chain.
 */
export class Operating {
  readonly #statements: ReturnType<typeof statements>;
  #nextSeq: number;

  constructor(
    db: Database,
    private readonly registry: Registry,
    private readonly settling: Settling,
    private readonly book: OpenBook,
  ) {
    this.#statements = statements(db);
    this.#nextSeq =
      1 +
      prepare<{ seq: number }>(db, 'SELECT COALESCE(MAX(seq), 0) AS seq FROM operator_actions').get()!.seq;
  }

  /** The same order again is told again; another one under its id is `nonce_reused`. */
  operate(order: OperatorOrder, at: number, batch: Batch): OperationResult {
    const seen = this.#statements.action.get(plainId(order.id));
    if (seen !== null)
      return isSame(seen, order)
        ? { kind: 'operated', replayed: true, action: seen, bets: NO_BETS }
        : { kind: 'refused', code: 'nonce_reused' };
    const effect = this.#carryOut(order.deed, at);
    if (typeof effect === 'string') return { kind: 'refused', code: effect };
    const { bets, ...told } = effect;
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
      ...told,
    };
    this.#statements.insert(action);
    batch.actions.push(actionLine(action));
    return { kind: 'operated', replayed: false, action, bets };
  }

  #carryOut(deed: OperatorDeed, at: number): Effect | RejectionCode {
    switch (deed.what) {
      case 'halt':
      case 'resume':
        return {
          ...nameOf(deed),
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
      case 'publish-terms':
        return { ...nameOf(deed), before: '', after: '', bets: NO_BETS };
    }
  }

  #transfer(deed: Extract<OperatorDeed, { what: 'transfer' }>, at: number): Effect | RejectionCode {
    const { accountId, amount, entry } = deed;
    const before = this.#statements.balance.get(accountId)?.balance;
    const result = this.registry.transfer({ kind: 'post-transfer', accountId, amount, entry, at });
    if (result.kind === 'refused') return result.code;
    const after = this.#statements.balance.get(accountId)!.balance;
    return { ...nameOf(deed), before: `${before}`, after: `${after}`, bets: NO_BETS };
  }

  #revoke(deed: Extract<OperatorDeed, { what: 'revoke-sessions' }>, at: number): Effect | RejectionCode {
    const { accountId, sessionId } = deed;
    const open = this.#statements.openSessions.all(accountId);
    if (
      this.#statements.balance.get(accountId) === null ||
      (sessionId !== null && !open.some(({ id }) => id === sessionId))
    )
      return 'not_found';
    this.registry.endSessions({ kind: 'end-sessions', accountId, sessionId, at });
    return {
      ...nameOf(deed),
      before: `${open.length} open`,
      after: `${this.#statements.openSessions.all(accountId).length} open`,
      bets: NO_BETS,
    };
  }

  #voidWindow(deed: Extract<OperatorDeed, { what: 'void-window' }>, at: number): Effect | RejectionCode {
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
      ...nameOf(deed),
      before,
      after: `${this.book.betsOfWindow(deed.startMs).length} open bets`,
      bets,
    };
  }
}

/** Target and detail of a deed: together they say all of it, so that two orders can be compared by them. */
function nameOf(deed: OperatorDeed): { readonly target: string; readonly detail: string } {
  switch (deed.what) {
    case 'halt':
    case 'resume':
      return { target: '', detail: '' };
    case 'transfer':
      return { target: deed.accountId, detail: `${deed.entry} ${deed.amount}` };
    case 'revoke-sessions':
      return { target: deed.accountId, detail: deed.sessionId ?? 'all' };
    case 'void-window':
      return { target: `${deed.startMs}`, detail: '' };
    case 'publish-terms':
      return { target: '', detail: deed.terms };
  }
}

function isSame(action: OperatorAction, { operator, approvedBy, reason, deed }: OperatorOrder): boolean {
  const { target, detail } = nameOf(deed);
  return (
    action.operator === operator &&
    action.approvedBy === approvedBy &&
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
