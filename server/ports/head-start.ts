import type { CountedDurations } from './counted.ts';

/**
 * So many head starts until the 99th percentile is known: the largest of 299 is above it with 95 % confidence
 * (0.99^299 = 0.05), whatever the distribution.
 */
export const HEAD_STARTS_NEEDED = 300;
/** What a hold has more than the 99th percentile of the head starts, ms. */
export const HOLD_SPARE_MS = 100;

/** Percentiles, ms; null while too few were counted for one to be known: 5, 29 and 299, as above. */
export interface Spread {
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

/** One venue beside the tick and the others. */
export interface VenueHeadStart {
  readonly venue: string;
  /** Head starts that it had: it moved first, and the tick followed. */
  readonly first: number;
  /** How much later it followed the head starts of others, ms. */
  readonly behind: Spread;
  /** Head starts of others that it did not follow in five seconds. */
  readonly missed: number;
  /** Age of its newest price at the tick, by its arrival, ms; since the start of the engine. */
  readonly age: Spread;
  /** From its own time to its arrival, ms, where it tells its time; since the start of the engine. */
  readonly delay: Spread;
}

/**
 * How far venues run ahead of the tick.
 *
 * - `measured`: the 99th percentile is known.
 * - `measuring`: not measured yet; real money waits for it.
 * - `not-needed`: prices are simulated or recorded: one source, which is the tick, and play money only.
 */
export interface HeadStartFigures {
  readonly state: 'measured' | 'measuring' | 'not-needed';
  readonly holdMs: number;
  /** The 99th percentile of `ahead`, and 100 ms, rounded up to 10 ms; null until it is known. */
  readonly proposedHoldMs: number | null;
  /** Head starts that the tick followed, newer ones counting more once there are thousands. */
  readonly headStarts: number;
  readonly needed: number;
  /** Time until there are enough at the pace so far, ms; null when there are, or nobody knows. */
  readonly remainingMs: number | null;
  /** Ticked time in which head starts were looked for, ms. */
  readonly watchedMs: number;
  /** From the arrival of the first mover's price to the tick that followed, ms. */
  readonly tick: Spread;
  /** The same with the delay of that price before it arrived, by the venue's own time. */
  readonly ahead: Spread;
  /** Moves that a venue took back before the tick followed, and those that nothing followed. */
  readonly takenBack: number;
  readonly alone: number;
  readonly venues: readonly VenueHeadStart[];
}

/** What is kept over a restart. */
export interface KeptHeadStarts {
  /** What was measured: of another oracle nothing is kept. */
  readonly oracle: string;
  readonly watchedMs: number;
  readonly tick: CountedDurations;
  readonly ahead: CountedDurations;
  readonly takenBack: number;
  readonly alone: number;
  readonly venues: readonly {
    readonly venue: string;
    readonly first: number;
    readonly missed: number;
    readonly behind: CountedDurations;
  }[];
}
