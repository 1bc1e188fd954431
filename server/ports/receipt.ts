import type { BetStatus } from '../game/bet.ts';
import type { CellId } from '../game/grid.ts';
import type { Currency, Micros } from '../game/money.ts';
import type { RuleVersion } from '../game/path.ts';
import type { VoidReason } from '../game/rejection.ts';
import type { QuoteRecord } from '../game/revision.ts';
import type { ChainedTick, ChainHeads, LedgerRow } from './books.ts';

export type ReceiptCommit = ChainHeads['ledger'];

/** A grid revision by its number and time. */
export interface ReceiptRevision {
  readonly revision: number;
  readonly at: number;
}

/** What moved the trader's money. The balance after it is his alone: null for other readers. */
export interface ReceiptEntry
  extends Pick<LedgerRow, 'id' | 'batch' | 'at' | 'kind' | 'amount' | 'version' | 'betId'> {
  readonly balanceAfter: Micros | null;
}

/** A quote as it was made, and the tick that it was built on; the tick is null when it is no longer kept. */
export interface ReceiptQuote extends QuoteRecord {
  readonly tick: ChainedTick | null;
}

/**
 * The order as it was signed. `index` counts the tap's line from 0; -1 when no line of the text is this
 * bet's.
 */
export interface ReceiptOrder {
  readonly text: string;
  /** base64url of r‖s. */
  readonly signature: string;
  /** base64url of the 65 raw bytes of the P-256 key. */
  readonly publicKey: string;
  readonly index: number;
}

/** How long the taps of an account were held, ms, by which action of an operator, in which commit. */
export interface OwnHold {
  readonly ms: number;
  readonly action: number;
  readonly batch: number;
}

/**
 * All that decided one bet: enough for anyone to compute its multipliers, its outcome and its payout again
 * and to check the signature. Money in micro-dollars, prices in cents, multipliers in hundredths, times in
 * UTC epoch ms.
 */
export interface Receipt {
  /** The longer hold of its account; left out where the bet was held like all others. */
  readonly ownHold?: OwnHold;
  readonly betId: string;
  readonly cell: CellId;
  readonly currency: Currency;
  readonly simulated: boolean;
  readonly stake: Micros;
  readonly status: BetStatus;
  readonly reason: VoidReason | null;
  readonly payout: Micros;
  readonly guardPercent: number;
  readonly placedAt: number;
  readonly lockAt: number;
  readonly closedAt: number | null;
  /** Sequence number of the tick that decided it. */
  readonly closedTick: number | null;
  /** Version of the rule of touch, and the longest time between two ticks that is no gap. */
  readonly rule: RuleVersion;
  readonly maxGapMs: number;
  readonly shown: ReceiptQuote | null;
  readonly locked: ReceiptQuote | null;
  /** The revision before the first one from `lockAt` on: none was passed over. */
  readonly before: ReceiptRevision | null;
  /** Of a bet that was never locked: the first revision from `lockAt` on; null where there is none yet. */
  readonly after: ReceiptRevision | null;
  /**
   * Without holes, from a hash or earlier than the window's first deciding tick on to a hash after the last.
   */
  readonly ticks: readonly ChainedTick[];
  /** The tick chain just before `ticks`; null when its start is no longer kept. */
  readonly previousTick: { readonly seq: number; readonly hash: string } | null;
  readonly ledger: readonly ReceiptEntry[];
  readonly order: ReceiptOrder | null;
  /**
   * The links of the ledger chain that hold the bet, its lock, the locking revision, the first tick from the
   * opening on, the tick that decided, and the closing; null where there is none, or none is kept. Then the
   * head of the chain when the receipt was written.
   */
  readonly chain: {
    readonly bet: ReceiptCommit | null;
    readonly lock: ReceiptCommit | null;
    readonly revision: ReceiptCommit | null;
    readonly opening: ReceiptCommit | null;
    readonly tick: ReceiptCommit | null;
    readonly closing: ReceiptCommit | null;
    readonly head: ReceiptCommit;
  };
}

/**
 * `owner` is the account that asks, if it is known: it sees its own balances. @returns null when there is no
 * such bet.
 */
export type ReceiptOf = (betId: string, owner: string | null) => Receipt | null;
