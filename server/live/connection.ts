import type { Session } from '../game/session.ts';
import { MessageAllowance, type CloseCode } from './limits.ts';
import type { Outbox } from './outbox.ts';

/** What a socket answers when bytes have to wait for the peer. */
const WAITS = -1;

/** What the socket edge needs of a socket. */
export interface RawSocket {
  /** @returns bytes sent; −1 when they wait for the peer, 0 when they were dropped. */
  send(data: string, compress?: boolean): number;
  /** What is sent inside leaves in one write. */
  cork(work: () => void): unknown;
  /** Bytes that wait for the peer. */
  getBufferedAmount(): number;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** The peer's own machinery answers. */
  ping(): void;
  close(code?: number, reason?: string): void;
}

/** Who asked for a socket, before there is one. */
export interface SocketCaller {
  readonly kind: 'page' | 'stream';
  readonly session: Session | null;
  readonly address: string;
  /** A page of another site asked: it watches, and nothing that the browser keeps for us was looked at. */
  readonly isGuest: boolean;
  /** Which board is to be shown, by the length of its windows, ms. */
  readonly board: number;
}

/** One open socket. */
export class Connection {
  /** The name of its connection in the log. */
  readonly id = crypto.randomUUID();
  readonly allowance: MessageAllowance;
  badFrames = 0;
  badSignatures = 0;
  ordersUnderWay = 0;
  closed = false;
  #behind = false;
  #waiting: string[] = [];
  #leavesSoon = false;
  #askedAt: number;
  #awaitsSign = false;
  #topic: string | null = null;
  /** The board that is to be shown from the next snapshot on, by the length of its windows, ms. */
  board: number;

  constructor(
    readonly caller: SocketCaller,
    private readonly rawSocket: RawSocket,
    private readonly outbox: Outbox,
    now: number,
  ) {
    this.allowance = new MessageAllowance(now);
    this.#askedAt = now;
    this.board = caller.board;
  }

  /**
   * At once, behind what waits. Uncompressed: the frames are small, and compressing them for each socket
   * would cost more than it saves.
   */
  send(frames: string | readonly string[]): void {
    this.#add(frames);
    this.flush();
  }

  /** At the end of this turn, together with what else it brings for this socket. */
  tell(frames: string | readonly string[]): void {
    if (this.closed) return;
    if (!this.#leavesSoon) this.outbox.add(this);
    this.#leavesSoon = true;
    this.#add(frames);
  }

  /** Sent with this socket's next message, in order; at most about 0.1 s later. */
  hold(frames: readonly string[]): void {
    if (this.closed) return;
    if (this.#waiting.length === 0) this.outbox.hold(this);
    this.#add(frames);
  }

  /**
   * Asks the peer for a sign of life, unless that was done within `everyMs`. @returns whether it was asked.
   */
  askForSign(now: number, everyMs: number): boolean {
    if (this.closed || Math.abs(now - this.#askedAt) < everyMs) return false;
    this.#askedAt = now;
    this.#awaitsSign = true;
    this.rawSocket.ping();
    return true;
  }

  /** @returns whether a sign was asked for and not had yet. */
  takeSign(): boolean {
    const awaited = this.#awaitsSign;
    this.#awaitsSign = false;
    return awaited;
  }

  /** @param withPublished in one write with what was published in this turn of the event loop. */
  flush(withPublished = false): void {
    const frames = this.#waiting;
    this.#leavesSoon = false;
    if (frames.length === 0) return;
    this.#waiting = [];
    if (this.closed) return;
    if (frames.length === 1 && !withPublished) {
      if (this.rawSocket.send(frames[0]!, false) === WAITS) this.#behind = true;
      return;
    }
    this.rawSocket.cork(() => this.#write(frames));
    if (!this.closed && this.rawSocket.getBufferedAmount() > 0) this.#behind = true;
  }

  /** Whether something waited for the peer when last looked or sent. */
  get isBehind(): boolean {
    return this.#behind;
  }

  lookBehind(): void {
    this.#behind = this.rawSocket.getBufferedAmount() > 0;
  }

  /** From here on it gets what is published there, and nothing of what it followed before. */
  follow(topic: string): void {
    if (topic === this.#topic) return;
    if (this.#topic !== null) this.rawSocket.unsubscribe(this.#topic);
    this.#topic = topic;
    this.rawSocket.subscribe(topic);
  }

  close(code: CloseCode, reason: string): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    this.rawSocket.close(code, reason);
  }

  #add(frames: string | readonly string[]): void {
    if (typeof frames === 'string') this.#waiting.push(frames);
    else this.#waiting.push(...frames);
  }

  /** A socket that takes too little is closed while it is written to. */
  #write(frames: readonly string[]): void {
    for (const frame of frames) {
      if (this.closed) return;
      this.rawSocket.send(frame, false);
    }
  }
}
