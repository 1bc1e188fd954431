import { AHEAD_MS_MAX, termsUntil, type CalendarChange } from '../game/headline.ts';
import { ANNOUNCED_MS_MAX } from '../game/maintenance.ts';
import { readRestriction, type Restriction } from '../game/restriction.ts';
import type { AloneLimits, OperatorDeed, OperatorOrder } from '../game/operator.ts';
import type { Operation, OperationResult, Settlement } from '../ports/ledger.ts';
import {
  OPERATOR_REFUSALS,
  type Operator,
  type OperatorAction,
  type OperatorAnswer,
  type OperatorRefusal,
  type Who,
} from '../ports/operator.ts';

export interface OperatorDeskParts {
  /** What operators may move without a second person. */
  readonly alone: AloneLimits;
  readonly now: () => number;
  /** @throws when it is not known whether the operation is durable. */
  readonly commit: (operation: Operation) => Promise<OperationResult>;
  /** Whether taps on the column that starts then may be taken now. */
  readonly isForSale: (startMs: number) => boolean;
  /** Whether real money may come in: not before it is known how long a hold has to be. */
  readonly mayDeposit: () => boolean;
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
  /** The news calendar has changed. */
  readonly onCalendar: () => void;
  /** The ranges of addresses that are blocked have changed. */
  readonly onRanges: () => void;
  /** Others see the account under no name any more. */
  readonly onUnnamed: (accountId: string) => void;
  /** Waited for before it is answered: what was done has had its effect in every process. */
  readonly reached?: () => Promise<void>;
  /** What holds for the account from now on. */
  readonly onRestricted: (accountId: string, restriction: Restriction) => void;
}

/**
 * The path of an operator's order: the rules for two people and for open windows, then one commit, then
 * everybody concerned.
 */
export class OperatorDesk implements Operator {
  constructor(private readonly parts: OperatorDeskParts) {}

  /** @param order as `readOperatorOrder` gives it. */
  async act(order: OperatorOrder, who: Who): Promise<OperatorAnswer> {
    const { deed } = order;
    const refusal = this.#refusal(order);
    if (refusal === 'too_soon') return this.#tooSoon();
    if (refusal !== null) return refuse(refusal);
    // First stop taking taps; recording the halt comes second.
    if (deed.what === 'halt') this.parts.onHalt(order.reason);
    const at = this.parts.now();
    if (deed.what === 'void-window') this.parts.onCallingOff(at);
    const { alone } = this.parts;
    const mayWait = who.proven;
    return this.#commit({ kind: 'operate', order, at, alone, mayWait }, at);
  }

  async approve(id: string, who: Who): Promise<OperatorAnswer> {
    if (!who.proven) return refuse('two_tokens_needed');
    const at = this.parts.now();
    return this.#commit({ kind: 'approve-order', id, by: who.name, at }, at);
  }

  async #commit(operation: Operation, at: number): Promise<OperatorAnswer> {
    let result: OperationResult;
    try {
      result = await this.parts.commit(operation);
    } catch {
      return refuse('unknown');
    }
    if (result.kind === 'not-operated') return refuse(result.refused);
    if (result.kind !== 'operated') throw new Error(`the ledger answered an operator with ${result.kind}`);
    if (!result.replayed) {
      this.#tell(result.action, result.bets, at);
      await this.parts.reached?.();
    }
    return { done: result.action, replayed: result.replayed, bets: result.bets.length };
  }

  /** Says how far ahead is far enough: that hangs on the settings of the board. */
  #tooSoon(): OperatorAnswer {
    const now = this.parts.now();
    const seconds = Math.ceil((this.parts.maintenanceFrom(now) - now) / 1000);
    const message =
      seconds > 0
        ? `Open bets could overlap it: choose a time more than ${seconds} s ahead, ` +
          'or halt at once without --at.'
        : OPERATOR_REFUSALS.too_soon;
    return { refused: 'too_soon', message };
  }

  #refusal({ deed }: OperatorOrder): OperatorRefusal | null {
    const now = this.parts.now();
    if (deed.what === 'plan-maintenance' && deed.from < this.parts.maintenanceFrom(now)) return 'too_soon';
    if (deed.what === 'plan-maintenance' && deed.from > now + ANNOUNCED_MS_MAX) return 'too_far';
    if (deed.what === 'change-calendar') return calendarRefusal(deed.change, now);
    if (deed.what === 'transfer' && deed.entry === 'deposit' && !this.parts.mayDeposit())
      return 'head_start_unmeasured';
    if (deed.what === 'void-window' && this.parts.isForSale(deed.startMs)) return 'still_for_sale';
    if (deed.what === 'void-window' && this.parts.mayBeDecided(deed.startMs)) return 'has_begun';
    return null;
  }

  /** By the row alone: an order may be another one's that waited. */
  #tell({ what, target, detail, after }: OperatorAction, bets: readonly Settlement[], at: number): void {
    const { parts } = this;
    if (what === 'resume') parts.onHalt(null);
    if (what === 'revoke-sessions') parts.onRevoked(target, detail === 'all' ? null : detail);
    if (what === 'transfer') parts.onTransferred(target);
    if (what === 'void-window') parts.onCalledOff(bets, at);
    if (PLANNING.has(what)) parts.onMaintenance();
    if (what === 'change-calendar') parts.onCalendar();
    if (what === 'block-range' || what === 'unblock-range') parts.onRanges();
    if (what === 'remove-name') parts.onUnnamed(target);
    const restriction = readRestriction(after);
    if (restriction !== null) parts.onRestricted(target, restriction);
  }
}

function calendarRefusal({ add }: CalendarChange, now: number): OperatorRefusal | null {
  if (add.some((one) => termsUntil(one) <= now)) return 'headline_over';
  return add.some(({ at }) => at > now + AHEAD_MS_MAX) ? 'headline_too_far' : null;
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
