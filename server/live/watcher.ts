import type { Session } from '../game/session.ts';
import { MessageAllowance } from './limits.ts';

/** What a socket answers when bytes have to wait for the peer. */
const WAITS = -1;

/** What the socket edge needs of a socket. */
export interface Wire {
  /** @returns bytes sent; −1 when they wait for the peer, 0 when they were dropped. */
  send(data: string, compress?: boolean): number;
  /** Bytes that wait for the peer. */
  getBufferedAmount(): number;
  subscribe(topic: string): void;
  close(code?: number, reason?: string): void;
}

/** Who asked for a socket, before there is one. */
export interface Visitor {
  readonly kind: 'page' | 'stream';
  readonly session: Session | null;
  readonly address: string;
}

/** One open socket. */
export class Watcher {
  /** The name of its connection in the log. */
  readonly id = crypto.randomUUID();
  readonly allowance: MessageAllowance;
  badFrames = 0;
  badSignatures = 0;
  ordersUnderWay = 0;
  closed = false;
  #behind = false;

  constructor(
    readonly visitor: Visitor,
    private readonly wire: Wire,
    now: number,
  ) {
    this.allowance = new MessageAllowance(now);
  }

  /** Uncompressed: the frames are small, and compressing them for each socket would cost more than it saves. */
  send(frames: string | readonly string[]): void {
    for (const frame of typeof frames === 'string' ? [frames] : frames) {
      if (this.closed) return;
      if (this.wire.send(frame, false) === WAITS) this.#behind = true;
    }
  }

  /** Whether something waited for the peer when last looked or sent. */
  get isBehind(): boolean {
    return this.#behind;
  }

  lookBehind(): void {
    this.#behind = this.wire.getBufferedAmount() > 0;
  }

  subscribe(topic: string): void {
    this.wire.subscribe(topic);
  }

  close(code: number, reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.wire.close(code, reason);
  }
}
