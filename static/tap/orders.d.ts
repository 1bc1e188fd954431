/** Orders of the page on their way to the house. */
import type { Cell } from '../board/cells.js';

/** Stake in micro-dollars, multiplier in hundredths, both as the page showed them. */
export interface Tap {
  readonly cell: string;
  readonly stake: number;
  readonly multiplier: number;
  readonly revision: number;
}

/** Where a cell was: rows from the one of the price, windows from the first that could be tapped. */
export interface Spot {
  readonly rows: number;
  readonly windows: number;
}

/** A bet that the server has not drawn yet; `betId` once the server has said it. */
export interface OwnBet {
  readonly stake: number;
  state: 'pending' | 'unknown' | 'placed';
  multiplier: number;
  betId?: string | undefined;
}

/** What was tapped: its cell, the multiplier that it showed, and what is ordered. */
export interface Tapped {
  readonly element: Cell;
  readonly shown: number;
  readonly tap: Tap;
  /** How it is shown until the server draws it. */
  readonly bet: OwnBet;
  /** Where it was, for who wants to tap there again; null before there was a price. */
  readonly spot: Spot | null;
}

export interface Order {
  readonly nonce: string;
  readonly deadline: number;
  readonly taps: readonly Tap[];
  signature?: string;
}

export interface Sent {
  readonly order: Order;
  readonly taps: readonly Tapped[];
  readonly stake: number;
  readonly at: number;
  /** Whether its taps are a pattern by themselves. */
  readonly whole: boolean;
  timer: ReturnType<typeof setTimeout>;
  /** Whether it arrived is not known. */
  doubted?: boolean;
  /** What became of it was asked for. */
  asked?: boolean;
}
