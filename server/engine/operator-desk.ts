import { ANNOUNCED_MS_MAX } from '../game/maintenance.ts';
import type { Micros } from '../game/money.ts';
import { readRestriction, type Restriction } from '../game/restriction.ts';
import { readOperatorOrder, type OperatorDeed, type OperatorOrder } from '../game/operator.ts';
import type { Operation, OperationResult, Settlement } from '../ports/ledger.ts';
import {
  OPERATOR_REFUSALS,
  type Operator,
  type OperatorAction,
  type OperatorAnswer,
  type OperatorRefusal,
  type WaitingOrder,
} from '../ports/operator.ts';
import { WaitingOrders } from './waiting-orders.ts';

export interface OperatorDeskParts {
  /** From this amount on a transfer needs a second person. */
  readonly approvalFrom: Micros;
  readonly now: () => number;
  /** @throws when it is not known whether the operation is durable. */
  readonly commit: (operation: Operation) => Promise<OperationResult>;
  /** Whether taps on the column that starts then may be taken now. */
  readonly isForSale: (startMs: number) => boolean;
  /**
   * Whether recorded ticks may have decided bets of the window that starts then, and nobody has paid by them
   * yet: never while a server runs.
   */
  readonly mayBeDecided: (startMs: number) => boolean;
  /** Why the house takes no taps; null lets it take them again. */
  readonly onHalt: (reason: string | null) => void;
  /**
   * No tick of this time or before may come any more: what a tick decided stays, and what is called off was
   * decided by none.
   */
  readonly onCallingOff: (at: number) => void;
  readonly onCalledOff: (bets: readonly Settlement[], at: number) => void;
  readonly onRevoked: (accountId: string, sessionId: string | null) => void;
  readonly onTransferred: (accountId: string) => void;
  /** From when on no bet that may be open now can reach into a maintenance. */
  readonly maintenanceFrom: (now: number) => number;
  /** What is announced may be another maintenance, or none any more. */
  readonly onMaintenance: () => void;
  /** The ranges of addresses that are blocked have changed. */
  readonly onRanges: () => void;
  /** What holds for the account from now on. */
  readonly onRestricted: (accountId: string, restriction: Restriction) => void;
}

/**
 * The way of an operator's order: the rules for two people and for what may be sold, then one commit, then
 * everybody who has to know.
 */
export class OperatorDesk implements Operator {
  readonly #waiting = new WaitingOrders();

  constructor(private readonly parts: OperatorDeskParts) {}

  /** @param order as `readOperatorOrder` gives it. */
  async act(order: OperatorOrder): Promise<OperatorAnswer> {
    const { deed } = order;
    const refusal = this.#refusal(order);
    if (refusal === 'approval_needed' && !this.#waiting.add(order, this.parts.now()))
      return refuse('id_reused');
    if (refusal !== null) return refuse(refusal);
    // First of all nothing more is sold; that it is written down comes second.
    if (deed.what === 'halt') this.parts.onHalt(order.reason);
    const at = this.parts.now();
    if (deed.what === 'void-window') this.parts.onCallingOff(at);
    let result: OperationResult;
    try {
      result = await this.parts.commit({ kind: 'operate', order, at });
    } catch {
      return refuse('unknown');
    }
    if (result.kind === 'not-operated') return refuse(result.refused);
    if (result.kind !== 'operated') throw new Error(`the ledger answered an operator with ${result.kind}`);
    if (!result.replayed) this.#tell(order, result.action, result.bets, at);
    return { done: result.action, replayed: result.replayed, bets: result.bets.length };
  }

  async approve(id: string, by: string): Promise<OperatorAnswer> {
    const waiting = this.#waiting.find(id, this.parts.now());
    if (waiting === null) return refuse('not_waiting');
    const order = readOperatorOrder({ ...waiting.order, approvedBy: by });
    if (typeof order === 'string') return { refused: 'bad_order', message: order };
    const answer = await this.act(order);
    if ('done' in answer) this.#waiting.drop(id);
    return answer;
  }

  waiting(): readonly WaitingOrder[] {
    return this.#waiting.all(this.parts.now());
  }

  #refusal({ deed, approvedBy }: OperatorOrder): OperatorRefusal | null {
    if (deed.what === 'transfer' && approvedBy === null && Math.abs(deed.amount) >= this.parts.approvalFrom)
      return 'approval_needed';
    const now = this.parts.now();
    if (deed.what === 'plan-maintenance' && deed.from < this.parts.maintenanceFrom(now)) return 'too_soon';
    if (deed.what === 'plan-maintenance' && deed.from > now + ANNOUNCED_MS_MAX) return 'too_far';
    if (deed.what === 'void-window' && this.parts.isForSale(deed.startMs)) return 'still_for_sale';
    if (deed.what === 'void-window' && this.parts.mayBeDecided(deed.startMs)) return 'has_begun';
    return null;
  }

  #tell({ deed }: OperatorOrder, { after }: OperatorAction, bets: readonly Settlement[], at: number): void {
    if (deed.what === 'resume') this.parts.onHalt(null);
    if (deed.what === 'revoke-sessions') this.parts.onRevoked(deed.accountId, deed.sessionId);
    if (deed.what === 'transfer') this.parts.onTransferred(deed.accountId);
    if (deed.what === 'void-window') this.parts.onCalledOff(bets, at);
    if (PLANNING.has(deed.what)) this.parts.onMaintenance();
    if ('range' in deed) this.parts.onRanges();
    const restriction = readRestriction(after);
    if (restriction !== null && 'accountId' in deed) this.parts.onRestricted(deed.accountId, restriction);
  }
}

/** What may change the announced maintenance: a resume ends one that has begun. */
const PLANNING: ReadonlySet<OperatorDeed['what']> = new Set([
  'plan-maintenance',
  'cancel-maintenance',
  'resume',
]);

const refuse = (refused: OperatorRefusal): OperatorAnswer => ({
  refused,
  message: OPERATOR_REFUSALS[refused],
});
