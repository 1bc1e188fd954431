import type { Bet } from '../game/bet.ts';
import type { Books } from '../ports/books.ts';
import type { LedgerPort } from '../ports/ledger.ts';
import type { Nonces } from '../ports/nonces.ts';
import type { SteadyClock } from './batcher.ts';
import type { BreakerLimits } from './breaker.ts';
import type { MarketOptions } from './market.ts';
import type { PriceSource } from './oracle.ts';
import type { OperatorHandParts } from './operator-hand.ts';
import type { OrderDeskOptions, OrderDeskParts } from './order-desk.ts';
import type { SurroundingsParts } from './surroundings.ts';

export interface EngineOptions extends MarketOptions, OrderDeskOptions, BreakerLimits {
  readonly maxGapMs: number;
  readonly quoteTtlMs: number;
  readonly quoteTickAgeMsMax: number;
  readonly quoteTolerancePercent: number;
  readonly guardPercent: number;
  readonly stakes: readonly Bet['stake'][];
  readonly batchTapsMax: number;
  readonly queueTapsMax: number;
  readonly columnShare: number;
  /** Whether traders see what others do, without names but of those who agreed. */
  readonly showOthers: boolean;
}

type Before = Pick<
  OperatorHandParts,
  'haltedBefore' | 'plannedBefore' | 'restrictedBefore' | 'rangesBefore' | 'calendarBefore'
>;

export interface EngineParts extends Before, SteadyClock, Omit<SurroundingsParts, 'books' | 'onBankroll'> {
  readonly feed: PriceSource;
  readonly ledger: LedgerPort;
  readonly books: Books;
  readonly nonces: Nonces;
  readonly now: () => number;
  readonly newId: (at: number) => string;
  readonly verify: (publicKey: string, text: string, signature: string) => Promise<boolean>;
  /** The writer has failed: nothing more may be accepted, the process must end. */
  readonly onFailure: (cause: Error) => void;
  readonly onAnswered?: OrderDeskParts['onAnswered'];
  /**
   * The longest time without a tick that is no gap for this bet, by the terms that it was placed under; this
   * house's own where it is left out.
   */
  readonly gapOf?: (bet: Bet) => number;
}
