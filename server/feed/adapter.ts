import type { Cents } from '../game/price.ts';
import type { Reading } from './reading.ts';
import type { AttemptLimit } from './socket.ts';

/** The last good quote of a venue. */
export interface VenueQuote {
  readonly venue: string;
  readonly bid: Cents;
  readonly ask: Cents;
  /** Middle of bid and ask, half a cent cut down. */
  readonly mid: Cents;
  /** Local receive time, UTC epoch ms. */
  readonly at: number;
}

/** One exchange's protocol as a pure parser: no clock, no socket. */
export interface VenueAdapter {
  readonly venue: string;
  /** For people: `Coinbase`. */
  readonly label: string;
  readonly quote: 'USD' | 'USDT';
  readonly url: string;
  /**
   * Attempts to connect: half of what the venue allows one address, or less; where it publishes nothing, what
   * the strictest one allows.
   */
  readonly attemptLimit: AttemptLimit;
  /** Frames to send after every open: no venue remembers a subscription. */
  subscribe(): readonly string[];
  /**
   * Sent when the line has been quiet, and `everyMs` after the last one at the latest. `frame: null` is a
   * ping of the WebSocket protocol.
   */
  readonly keepAlive?: { readonly everyMs: number; readonly frame: string | null };
  /** Never throws. May change `state`, which is of this connection alone. */
  read(frame: string | Uint8Array, state: ConnectionState): Reading;
}

/** What an adapter has to remember between two frames of one connection. */
export interface ConnectionState {
  /** Sequence number of the last frame that carried one. */
  sequence: number | null;
  /** Holes in the sequence that cost nothing else: what came after each is complete in itself. */
  holes: number;
  bid: Cents | null;
  ask: Cents | null;
  /** The venue says that trading is not in its normal state. */
  halted: boolean;
}

export const newConnection = (): ConnectionState => ({
  sequence: null,
  holes: 0,
  bid: null,
  ask: null,
  halted: false,
});
