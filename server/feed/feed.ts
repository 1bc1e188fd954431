import type { Cents } from '../game/price.ts';
import type { TickSource } from '../game/tick.ts';
import type { VenuePrice } from '../game/venue-price.ts';

/** Where prices come from. One interface for exchanges, recorded files and the synthetic walk. */
export interface Feed {
  readonly name: 'live' | 'replay' | 'walk';
  /** True for anything but live exchange prices: a bet on it is play money. */
  readonly simulated: boolean;
  /** bp per √s of the synthetic walk; absent where nobody knows. */
  readonly declaredVolatilityBp?: number;
  /** Venues that must agree before a tick is made. */
  readonly quorum: number;
  /** For people: `Coinbase, Kraken, Bitstamp`, `recorded prices: btc.csv.gz`, `simulated prices`. */
  readonly label: string;
  /**
   * Resolves when the feed has begun (for `auto`: when it is decided which feed it is), not when the first
   * price is there.
   */
  start(): Promise<void>;
  stop(): void;
  /**
   * Prices of the venues that are alive at `at` (UTC epoch ms), in a fixed order of venues; empty inside a
   * gap.
   */
  sample(at: number): TickSource[];
  status(at: number): VenueStatus[];
  /**
   * From now on calls back with each good price of an exchange as it comes in, and with nothing else: absent
   * where no exchange speaks.
   */
  onPrice?(heard: (price: VenuePrice) => void): void;
  /**
   * Whether too few prices stand behind that of `at` to sell on it; absent where the market sees that from
   * the moves alone.
   */
  isThin?(at: number): boolean;
  /**
   * Exchange time less this machine's, in ms, where all venues that tell their time say alike that this clock
   * is off; else null.
   */
  clockOffMs?(at: number): number | null;
  /** Whether a recording was played to its end: no price comes any more. Absent where prices never end. */
  hasEnded?(at: number): boolean;
}

/** A venue that counts from now on, or no longer. */
export interface VenueNews {
  readonly venue: string;
  readonly counts: boolean;
  /** Why it does not count; null when it does. */
  readonly why: string | null;
}

/**
 * `connecting` until the socket is open, `waiting` between two attempts, `ended` when a recording is over.
 */
export type VenueState = 'connecting' | 'open' | 'waiting' | 'stopped' | 'ended';

/** What the operator sees of one venue. Times are local receive times in UTC epoch ms. */
export interface VenueStatus {
  readonly venue: string;
  readonly state: VenueState;
  readonly alive: boolean;
  readonly price: Cents | null;
  /** Receive time of the quote behind `price`. */
  readonly quoteAt: number | null;
  /** Last sign of life: data, heartbeat, ping or pong. */
  readonly signAt: number | null;
  /** Why it does not count, else why the last frame was refused or the last connection ended, in words. */
  readonly note: string | null;
  readonly counters: Readonly<VenueCounters>;
}

/** Counted since the start of the process, across reconnects. */
export interface VenueCounters {
  frames: number;
  /** Frames that are not what this venue's protocol says. */
  garbage: number;
  /** Lost messages: a hole in the sequence, or an update without its base. */
  gaps: number;
  reconnects: number;
  /** Quotes whose exchange time is too far from the local clock. */
  skewed: number;
  /**
   * Quotes of a crossed, empty, far too wide or halted book, and quotes that are older than one already
   * taken.
   */
  dropped: number;
  /** Error messages of the venue. */
  rejected: number;
}

export const noCounts = (): VenueCounters => ({
  frames: 0,
  garbage: 0,
  gaps: 0,
  reconnects: 0,
  skewed: 0,
  dropped: 0,
  rejected: 0,
});
