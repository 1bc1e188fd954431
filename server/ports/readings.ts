import type { Currency } from '../game/money.ts';

/** A distribution of durations since start. */
export interface Durations {
  readonly count: number;
  readonly sumMs: number;
  /** How many took at most so long, for each of the bounds, which must grow. */
  upTo(boundsMs: readonly number[]): number[];
}

export interface VenueReading {
  readonly venue: string;
  readonly alive: boolean;
  /** Age of the quote that is in use; null before the first. */
  readonly quoteAgeMs: number | null;
  /** What went wrong since start, by kind. */
  readonly faults: Readonly<Record<string, number>>;
}

export interface OpenBook {
  readonly bets: number;
  /** Micros. */
  readonly stake: number;
  /** What the house would lose if every open bet won, micros. */
  readonly risk: number;
}

/** What an operator reads off the moving parts. */
export interface Readings {
  readonly commits: Durations;
  /** Taps, locks, closings and single operations that were committed. */
  readonly committed: number;
  readonly taps: Durations;
  /** From the moment that decided a bet to the commit that paid it. */
  readonly settlements: Durations;
  /** How much later than due the oracle's loop came round. */
  readonly loopLag: Durations;
  readonly open: Readonly<Record<Currency, OpenBook>>;
  readonly venues: readonly VenueReading[];
  /** Sockets closed since start because their peer did not keep up. */
  readonly slowConsumers: number;
  /** Lines of the log dropped since start because nobody read them. */
  readonly logDropped: number;
  readonly walBytes: number;
  readonly diskUsedShare: number;
  readonly memoryBytes: number;
  /** Of them, what JavaScript's objects use. */
  readonly heapBytes: number;
  /** When each job last succeeded, UTC epoch ms. */
  readonly jobs: Readonly<Record<string, number>>;
  /** What the jobs say of their last run, in the text format of Prometheus. */
  readonly jobReports: string;
}
