import { midOf, type Cents } from '../game/price.ts';
import type { VenuePrice } from '../game/venue-price.ts';
import { newConnection, type VenueAdapter, type VenueQuote } from './adapter.ts';
import type { Clock } from './clock.ts';
import { noCounts, type VenueStatus } from './feed.ts';
import type { Reading } from './reading.ts';
import { ReconnectingSocket, SOCKET_LIMITS, type FrameVerdict, type SocketLimits } from './socket.ts';

export interface VenueLimits {
  /** Data, heartbeat, ping or pong must not be older than this. */
  readonly signAgeMsMax: number;
  /** Nor the quote itself: heartbeats keep the connection, never the price. */
  readonly quoteAgeMsMax: number;
  /** So long the last good quote stands while the venue says that its book is crossed, empty or too wide. */
  readonly unfitBookMsMax: number;
  /** |exchange time − local time|. */
  readonly skewMsMax: number;
  /** For so long a time that was too far off is remembered, over a lost connection too. */
  readonly skewMemoryMs: number;
  /** So many frames in a row that cannot be read end the connection. */
  readonly garbageRowMax: number;
  /** A hole in the sequence that comes so soon after another ends the connection: the line is bad. */
  readonly holeMemoryMs: number;
  /** How long a venue is left in peace that was asked too often. */
  readonly rateWaitMs: number;
}

export const VENUE_LIMITS: VenueLimits = {
  signAgeMsMax: 2_000,
  quoteAgeMsMax: 5_000,
  unfitBookMsMax: 1_000,
  skewMsMax: 2_000,
  skewMemoryMs: 60_000,
  garbageRowMax: 20,
  holeMemoryMs: 60_000,
  rateWaitMs: 60_000,
};

export interface VenueOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1): the jitter of the backoff. */
  readonly random: () => number;
  /** Instead of the adapter's own address. */
  readonly url?: string;
  /** Address of the proxy in between. */
  readonly proxy?: string;
  /** Told of each good price as it comes in. */
  readonly onPrice?: (price: VenuePrice) => void;
  readonly limits?: Partial<VenueLimits>;
  readonly socketLimits?: Partial<SocketLimits>;
}

/** What a venue has said since its last good quote that takes it back. */
interface Doubt {
  readonly why: string;
  readonly since: number;
}

/** One exchange as it stands: its last good quote, whether it counts, and what was counted. */
export class Venue {
  readonly name: string;
  /**
   * Replaced with every good quote; null before the first, after a lost connection, and while the venue is
   * halted or its time is off.
   */
  quote: VenueQuote | null = null;
  /**
   * Exchange time less local time of the newest quote while that is too much, and when it came; else null.
   */
  private skew: { readonly ms: number; readonly at: number } | null = null;
  private readonly clock: Clock;
  private readonly onPrice: (price: VenuePrice) => void;
  private readonly limits: VenueLimits;
  private readonly socket: ReconnectingSocket;
  private readonly counters = noCounts();
  private connection = newConnection();
  /** Exchange time of the newest quote that was taken, kept across connections: a snapshot may be older. */
  private exchangeAt = -Infinity;
  private garbageRow = 0;
  private holeAt = -Infinity;
  private doubt: Doubt | null = null;
  /** The newest frame with a good quote: a repeat of it says nothing new about the book. */
  private quoteFrame: string | null = null;
  private note: string | null = null;

  constructor(
    private readonly adapter: VenueAdapter,
    options: VenueOptions,
  ) {
    this.name = adapter.venue;
    this.clock = options.clock;
    this.onPrice = options.onPrice ?? (() => {});
    this.limits = { ...VENUE_LIMITS, ...options.limits };
    this.socket = new ReconnectingSocket(
      {
        url: options.url ?? adapter.url,
        proxy: options.proxy,
        attemptLimit: adapter.attemptLimit,
        keepAlive: adapter.keepAlive,
        opened: () => this.opened(),
        received: (frame) => this.received(frame),
        lost: (why) => this.lost(why),
      },
      options.clock,
      options.random,
      { ...SOCKET_LIMITS, ...options.socketLimits },
    );
  }

  start(): void {
    this.socket.start();
  }

  stop(): void {
    this.socket.stop();
    this.quote = null;
  }

  /** Middle of the last good quote, null unless the venue has a say at `at`. */
  mid(at: number): Cents | null {
    return this.absence(at) === null ? (this.quote?.mid ?? null) : null;
  }

  /**
   * Why the venue has no say at `at`, in words; null while it has. Ages count in both directions: a clock
   * that was set back makes no quote young.
   */
  absence(at: number): string | null {
    const { quote, doubt, limits } = this;
    const { signAt, state } = this.socket;
    if (state !== 'open' || signAt === null) return this.note ?? state;
    if (quote === null) return doubt?.why ?? this.note ?? 'no quote yet';
    const [silentMs, ageMs] = [Math.abs(at - signAt), Math.abs(at - quote.at)];
    if (silentMs > limits.signAgeMsMax) return `silent for ${seconds(silentMs)}`;
    if (ageMs > limits.quoteAgeMsMax) return `no new quote for ${seconds(ageMs)}`;
    return doubt !== null && Math.abs(at - doubt.since) > limits.unfitBookMsMax ? doubt.why : null;
  }

  /** Exchange time less ours where that is too much, by the newest quote of the last minute; else null. */
  skewMs(at: number): number | null {
    return this.skew !== null && Math.abs(at - this.skew.at) <= this.limits.skewMemoryMs
      ? this.skew.ms
      : null;
  }

  /** Whether a quote that counts at `at` carries a time which is that of this machine. */
  bearsOutClock(at: number): boolean {
    return this.exchangeAt !== -Infinity && this.absence(at) === null;
  }

  status(at: number): VenueStatus {
    const price = this.mid(at);
    const { state, signAt, reconnects } = this.socket;
    const note = state === 'open' ? (this.absence(at) ?? this.note) : this.note;
    return {
      venue: this.name,
      state,
      alive: price !== null,
      price,
      quoteAt: this.quote?.at ?? null,
      signAt,
      note,
      counters: { ...this.counters, reconnects },
    };
  }

  private opened(): readonly string[] {
    this.connection = newConnection();
    this.garbageRow = 0;
    this.holeAt = -Infinity;
    return this.adapter.subscribe();
  }

  private received(frame: string | Uint8Array): FrameVerdict {
    this.counters.frames++;
    const { holes } = this.connection;
    const reading = this.adapter.read(frame, this.connection);
    if (reading.kind === 'garbage') return this.countGarbage(reading.why);
    this.garbageRow = 0;
    if (this.connection.holes > holes && this.isBadLine()) return { lost: 'messages keep getting lost' };
    switch (reading.kind) {
      case 'alive':
        return 'life';
      case 'quote':
        return frame === this.quoteFrame ? this.drop('the same quote again') : this.take(reading, frame);
      case 'dropped':
        if (reading.isBook) this.question(reading.why);
        return this.drop(reading.why);
      case 'halted':
        this.withdraw(reading.why);
        return this.drop(reading.why);
      case 'reconnect':
        if (reading.isGap) this.counters.gaps++;
        return { lost: reading.why };
      case 'rejected':
        this.counters.rejected++;
        return {
          lost: `the venue refused: ${reading.why}`,
          waitMsMin: reading.isRate ? this.limits.rateWaitMs : 0,
        };
    }
  }

  private take(
    { bid, ask, exchangeAt }: Extract<Reading, { kind: 'quote' }>,
    frame: string | Uint8Array,
  ): FrameVerdict {
    const at = this.clock.now();
    if (exchangeAt !== null) {
      if (exchangeAt < this.exchangeAt) return this.drop('a quote older than the one before');
      if (Math.abs(at - exchangeAt) > this.limits.skewMsMax) return this.isSkewed(exchangeAt - at);
      this.exchangeAt = exchangeAt;
    }
    const mid = midOf(bid, ask);
    this.quote = { venue: this.name, bid, ask, mid, at };
    this.quoteFrame = typeof frame === 'string' ? frame : null;
    this.doubt = this.skew = null;
    this.onPrice({ venue: this.name, price: mid, at, exchangeAt });
    return 'data';
  }

  /**
   * A venue whose newest word is late or early is not to be believed with its last one either. The line that
   * brought it lives all the same: where this clock is off, a new one would tell nothing else.
   */
  private isSkewed(skewMs: number): FrameVerdict {
    this.counters.skewed++;
    this.skew = { ms: skewMs, at: this.clock.now() };
    this.withdraw(skewWords(skewMs));
    return 'life';
  }

  private withdraw(why: string): void {
    this.note = why;
    this.quote = null;
    this.question(why);
  }

  /**
   * The last quote is in doubt from now on; the next frame counts as new even if it repeats an earlier one.
   */
  private question(why: string): void {
    this.doubt = { why, since: this.doubt?.since ?? this.clock.now() };
    this.quoteFrame = null;
  }

  /** Counts a hole in the sequence. @returns whether there was another one lately */
  private isBadLine(): boolean {
    this.counters.gaps++;
    const [at, before] = [this.clock.now(), this.holeAt];
    this.holeAt = at;
    return Math.abs(at - before) <= this.limits.holeMemoryMs;
  }

  private drop(why: string): FrameVerdict {
    this.counters.dropped++;
    this.note = why;
    return 'life';
  }

  private countGarbage(why: string): FrameVerdict {
    this.counters.garbage++;
    this.note = why;
    return ++this.garbageRow >= this.limits.garbageRowMax
      ? { lost: `${this.garbageRow} unreadable frames in a row` }
      : 'noise';
  }

  /**
   * A connection dropped because no quote counted is dropped because of the clock, if the clock is why none
   * counted.
   */
  private lost(why: string): void {
    const skewMs = this.skewMs(this.clock.now());
    this.note = skewMs === null ? why : skewWords(skewMs);
    this.quote = this.doubt = this.quoteFrame = null;
  }
}

const skewWords = (ms: number): string =>
  `its time is ${seconds(Math.abs(ms))} ${ms > 0 ? 'ahead of' : 'behind'} ours`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
