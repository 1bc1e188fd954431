import { midOf, type Cents } from '../game/price.ts';
import { newConnection, type VenueAdapter, type VenueQuote } from './adapter.ts';
import type { Clock } from './clock.ts';
import { noCounts, type VenueStatus } from './feed.ts';
import type { Reading } from './reading.ts';
import { ReconnectingSocket, SOCKET_LIMITS, type FrameVerdict, type SocketLimits } from './socket.ts';

export interface VenueLimits {
  /** Data, heartbeat, ping or pong must not be older than this. */
  readonly signAgeMsMax: number;
  /** Nor the quote itself, whatever heartbeats say. */
  readonly quoteAgeMsMax: number;
  /** |exchange time − local time|. */
  readonly skewMsMax: number;
  /** So many frames in a row that cannot be read end the connection. */
  readonly garbageRowMax: number;
}

export const VENUE_LIMITS: VenueLimits = { signAgeMsMax: 2_000, quoteAgeMsMax: 30_000, skewMsMax: 2_000, garbageRowMax: 20 };

export interface VenueOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1): the jitter of the backoff. */
  readonly random: () => number;
  /** Instead of the adapter's own address. */
  readonly url?: string;
  readonly limits?: Partial<VenueLimits>;
  readonly socketLimits?: Partial<SocketLimits>;
}

/** One exchange as it stands: its last good quote, whether it is alive, and what was counted. */
export class Venue {
  readonly name: string;
  /** Replaced with every good quote; null before the first, after a lost connection, and while the venue's time is off. */
  quote: VenueQuote | null = null;
  private readonly clock: Clock;
  private readonly limits: VenueLimits;
  private readonly socket: ReconnectingSocket;
  private readonly counters = noCounts();
  private connection = newConnection();
  /** Exchange time of the newest quote that was taken, kept across connections: a snapshot may be older. */
  private exchangeAt = -Infinity;
  private garbageRow = 0;
  private note: string | null = null;

  constructor(
    private readonly adapter: VenueAdapter,
    options: VenueOptions,
  ) {
    this.name = adapter.venue;
    this.clock = options.clock;
    this.limits = { ...VENUE_LIMITS, ...options.limits };
    this.socket = new ReconnectingSocket(
      {
        url: options.url ?? adapter.url,
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

  /** Middle of the last good quote, null unless the venue is alive at `at`. Ages count in both directions: a clock that was set back makes no quote young. */
  mid(at: number): Cents | null {
    const { quote } = this;
    const { signAt, state } = this.socket;
    if (quote === null || signAt === null || state !== 'open') return null;
    if (Math.abs(at - signAt) > this.limits.signAgeMsMax || Math.abs(at - quote.at) > this.limits.quoteAgeMsMax) return null;
    return quote.mid;
  }

  status(at: number): VenueStatus {
    const price = this.mid(at);
    const { state, signAt, reconnects } = this.socket;
    return { venue: this.name, state, alive: price !== null, price, quoteAt: this.quote?.at ?? null, signAt, note: this.note, counters: { ...this.counters, reconnects } };
  }

  private opened(): readonly string[] {
    this.connection = newConnection();
    this.garbageRow = 0;
    return this.adapter.subscribe();
  }

  private received(frame: string | Uint8Array): FrameVerdict {
    this.counters.frames++;
    const reading = this.adapter.read(frame, this.connection);
    if (reading.kind === 'garbage') return this.countGarbage(reading.why);
    this.garbageRow = 0;
    switch (reading.kind) {
      case 'alive':
        return 'life';
      case 'quote':
        return this.take(reading);
      case 'dropped':
        return this.drop(reading.why);
      case 'halted':
        this.quote = null;
        return this.drop(reading.why);
      case 'reconnect':
        if (reading.isGap) this.counters.gaps++;
        return { lost: reading.why };
      case 'rejected':
        this.counters.rejected++;
        return { lost: `the venue refused: ${reading.why}` };
    }
  }

  private take({ bid, ask, exchangeAt }: Extract<Reading, { kind: 'quote' }>): FrameVerdict {
    const at = this.clock.now();
    if (exchangeAt !== null) {
      if (exchangeAt < this.exchangeAt) return this.drop('a quote older than the one before');
      if (Math.abs(at - exchangeAt) > this.limits.skewMsMax) return this.withdraw(`exchange time is off by ${exchangeAt - at} ms`);
      this.exchangeAt = exchangeAt;
    }
    this.quote = { venue: this.name, bid, ask, mid: midOf(bid, ask), at };
    return 'data';
  }

  /** A venue whose newest word is late or early is not to be believed with its last one either. */
  private withdraw(why: string): FrameVerdict {
    this.counters.skewed++;
    this.note = why;
    this.quote = null;
    return 'noise';
  }

  private drop(why: string): FrameVerdict {
    this.counters.dropped++;
    this.note = why;
    return 'life';
  }

  private countGarbage(why: string): FrameVerdict {
    this.counters.garbage++;
    this.note = why;
    return ++this.garbageRow >= this.limits.garbageRowMax ? { lost: `${this.garbageRow} unreadable frames in a row` } : 'noise';
  }

  private lost(why: string): void {
    this.note = why;
    this.quote = null;
  }
}
