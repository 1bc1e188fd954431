import type { Cell } from '../game/grid.ts';
import type { Currency, Micros, Multiplier } from '../game/money.ts';
import type { AloneLimits, OperatorOrder } from '../game/operator.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import type { ShadowBlock } from '../game/learned/shadow-watch.ts';
import type { RuleVersion } from '../game/path.ts';
import type { RejectionCode, VoidReason } from '../game/rejection.ts';
import type { GridRevision } from '../game/revision.ts';
import type { LimitsChange, Loosening, OwnLimits } from '../game/own-limits.ts';
import type { AccountLimit } from '../game/restriction.ts';
import type { Session } from '../game/session.ts';
import type { Tick } from '../game/tick.ts';
import type { ArchiveOperation, ArchiveResult } from './archive.ts';
import type { OperatorAction, OperatorRefusal } from './operator.ts';
import type { Refusal } from './refusals.ts';

/**
 * What the ledger can be asked to do: a closed union, plain data that crosses to the writer and back. `at` is
 * UTC epoch ms. A batch of operations is one transaction; an operation that is refused changes nothing and
 * spoils no other.
 */
export type Operation =
  | {
      readonly kind: 'open-account';
      readonly accountId: string;
      readonly currency: Currency;
      readonly address: string | null;
      readonly grant: Micros;
      readonly at: number;
    }
  /** `returnOf`: the registered key by which a practice account comes back, instead of a wallet. */
  | { readonly kind: 'start-session'; readonly session: Session; readonly returnOf?: string }
  | { readonly kind: 'see-session'; readonly sessionId: string; readonly at: number }
  | {
      readonly kind: 'end-sessions';
      readonly accountId: string;
      readonly sessionId: string | null;
      readonly at: number;
    }
  | {
      readonly kind: 'change-limits';
      readonly accountId: string;
      readonly change: LimitsChange;
      readonly at: number;
    }
  /** `name` is of the form that `readName` gives; null takes it back. Practice accounts only. */
  | {
      readonly kind: 'name-account';
      readonly accountId: string;
      readonly name: string | null;
      readonly at: number;
    }
  | {
      readonly kind: 'post-transfer';
      readonly accountId: string;
      readonly amount: Micros;
      readonly entry: 'deposit' | 'withdrawal' | 'adjustment';
      readonly at: number;
    }
  /**
   * Fills an empty practice account up to `upTo`: `empty` is below the lowest stake, `below`, with nothing
   * open. Once in a UTC day.
   */
  | {
      readonly kind: 'refill';
      readonly accountId: string;
      readonly below: Micros;
      readonly upTo: Micros;
      readonly at: number;
    }
  | PlaceBets
  | { readonly kind: 'record-ticks'; readonly ticks: readonly Tick[] }
  | { readonly kind: 'record-revision'; readonly revision: GridRevision }
  | { readonly kind: 'record-shadow'; readonly block: ShadowBlock; readonly learned: LearnedBoards }
  | { readonly kind: 'lock-bets'; readonly locks: readonly BetLock[]; readonly at: number }
  | { readonly kind: 'close-bets'; readonly closings: readonly BetClosing[]; readonly at: number }
  /** Rows that were answered before `keptFrom` may go. */
  | { readonly kind: 'record-refusals'; readonly refusals: readonly Refusal[]; readonly keptFrom: number }
  /**
   * `alone`: what operators may move without a second person, left out where nobody asks for one. Where they
   * may not, the order waits if `mayWait`, and is refused with `approval_needed` if not.
   */
  | {
      readonly kind: 'operate';
      readonly order: OperatorOrder;
      readonly at: number;
      readonly alone?: AloneLimits;
      readonly mayWait?: boolean;
    }
  /** A second person looked at an order that waits: it is carried out. */
  | { readonly kind: 'approve-order'; readonly id: string; readonly by: string; readonly at: number }
  | ArchiveOperation;

/**
 * One signed order. Each tap is an order that passed the rules, or the code for which it was refused before.
 */
export interface PlaceBets {
  readonly kind: 'place-bets';
  readonly accountId: string;
  readonly sessionId: string;
  readonly currency: Currency;
  readonly simulated: boolean;
  /** By which its bets are decided. */
  readonly rule: RuleVersion;
  readonly nonce: string;
  /** The signed text and the signature (base64url) as they came. */
  readonly text: string;
  readonly signature: string;
  readonly taps: readonly (BetOrder | RejectionCode)[];
  /** Highest sum of stakes of this session key in one UTC day. */
  readonly dailyCap: Micros;
  readonly at: number;
}

export interface BetOrder {
  readonly betId: string;
  readonly cell: Cell;
  readonly stake: Micros;
  readonly shown: Multiplier;
  readonly shownRevision: number;
  readonly guardPercent: number;
  readonly lockAt: number;
  /**
   * With the hold switched off the bet is filled as shown: its locked multiplier and revision from the start.
   */
  readonly filled: { readonly multiplier: Multiplier; readonly revision: number } | null;
  /** The multiplier that exposure counts until the bet is locked. */
  readonly multiplierMax: Multiplier;
}

export type BetLock =
  | { readonly betId: string; readonly multiplier: Multiplier; readonly revision: number }
  | {
      readonly betId: string;
      readonly voidReason: Extract<VoidReason, 'moved' | 'no_revision'>;
      readonly revision: number | null;
    };

export type BetClosing =
  | {
      readonly betId: string;
      readonly outcome: 'won' | 'lost';
      readonly tickSeq: number;
      readonly closedAt: number;
    }
  | {
      readonly betId: string;
      readonly outcome: 'void';
      readonly voidReason: VoidReason;
      readonly closedAt: number;
    };

/** One for each operation, in order. */
export type OperationResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: RejectionCode }
  /**
   * The limits after the change; of a refused one as they stay, with the time from which on one more is taken
   * when there were too many, UTC epoch ms.
   */
  | {
      readonly kind: 'limits';
      readonly limits: OwnLimits;
      readonly refused: RejectionCode | null;
      readonly freeAt?: number;
    }
  | {
      readonly kind: 'placed';
      readonly replayed: boolean;
      readonly results: readonly TapResult[];
      readonly balance: Micros;
    }
  | { readonly kind: 'settled'; readonly bets: readonly Settlement[] }
  /** `bets` are those that it gave back; `replayed` when it had been done before. */
  | {
      readonly kind: 'operated';
      readonly replayed: boolean;
      readonly action: OperatorAction;
      readonly bets: readonly Settlement[];
    }
  | { readonly kind: 'not-operated'; readonly refused: OperatorRefusal }
  | ArchiveResult;

export type TapResult =
  | {
      readonly status: 'accepted';
      readonly betId: string;
      readonly multiplier: Multiplier;
      readonly lockAt: number;
      readonly balance: Micros;
    }
  | Rejected;

/** `why` has the figures of a refusal by the trader's own limits, or by one that the operator set. */
export interface Rejected {
  readonly status: 'rejected';
  readonly code: RejectionCode;
  readonly why?: ReachedLimit;
}

export type ReachedLimit =
  | { readonly pausedUntil: number }
  /** `lost` today so far, open stakes included. */
  | {
      readonly dailyLoss: Micros;
      readonly lost: Micros;
      readonly stake: Micros;
      readonly loosening: Loosening | null;
    }
  /** Set by the operator; `used` before this tap, what it would bring it to counts. */
  | { readonly limit: AccountLimit; readonly most: Micros; readonly used: Micros; readonly stake: Micros };

/**
 * What happened to one bet by a lock or a closing; `balance` is the trader's after it. A bet that was closed
 * before is not in the list.
 */
export interface Settlement {
  readonly betId: string;
  readonly status: 'locked' | 'won' | 'lost' | 'void';
  readonly multiplier: Multiplier | null;
  readonly payout: Micros;
  readonly voidReason: VoidReason | null;
  readonly balance: Micros;
}

/** What one commit did: its place in the ledger chain, and the results. */
export interface Commit {
  readonly batch: number;
  /** Hash of the ledger chain after it, hex. */
  readonly hash: string;
  readonly results: readonly OperationResult[];
}

/**
 * The port to the ledger. One caller at a time keeps the order; a rejected promise means that it is *unknown*
 * whether the batch is durable, and nothing more may be sent.
 */
export interface LedgerPort {
  commitBatch(operations: readonly Operation[], at: number): Promise<Commit>;
  close(): Promise<void>;
}
