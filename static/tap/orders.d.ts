/** Orders of the page on their way to the house. */
import type { Cell } from '../board/cells.js';

/** Stake in micro-dollars, multiplier in hundredths, both as the page showed them. */
export interface Tap {
  readonly cell: string;
  readonly stake: number;
  readonly multiplier: number;
  readonly revision: number;
}

/** What was tapped: its cell, the multiplier that it showed, and what is ordered. */
export interface Tapped {
  readonly element: Cell;
  readonly shown: number;
  readonly tap: Tap;
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
  timer: ReturnType<typeof setTimeout>;
  /** Whether it arrived is not known. */
  doubted?: boolean;
  /** What became of it was asked for. */
  asked?: boolean;
}
