import type { Clock } from './clock.ts';

export interface SocketLimits {
  readonly connectMsMax: number;
  /** After this long without a sign of life the connection is dropped and reopened. */
  readonly silenceMsMax: number;
  /** Signs of life but no data for so long: the same. */
  readonly dataSilenceMsMax: number;
  /** A keep-alive is sent after so long without a sign of life. */
  readonly probeAfterMs: number;
  /** How often the rules above are looked at. */
  readonly watchMs: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
  /**
   * A connection that has held for so long ends the backoff: a snapshot comes at once, also from a venue that
   * accepts and drops.
   */
  readonly heldMsMin: number;
  /** What the venue's `Retry-After` can ask for at most. */
  readonly retryAfterMsMax: number;
  /** A larger frame (bytes, or characters of a text frame) ends the connection. */
  readonly frameBytesMax: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  connectMsMax: 5_000,
  silenceMsMax: 10_000,
  dataSilenceMsMax: 30_000,
  probeAfterMs: 800,
  watchMs: 200,
  backoffMsMin: 1_000,
  backoffMsMax: 30_000,
  heldMsMin: 60_000,
  retryAfterMsMax: 3_600_000,
  frameBytesMax: 1024 * 1024,
};

/** What a frame was: `noise` is no sign of life, `lost` ends the connection, for `waitMsMin` at least. */
export type FrameVerdict = 'data' | 'life' | 'noise' | { readonly lost: string; readonly waitMsMin?: number };

/** So many attempts to connect within so long, at most. */
export interface AttemptLimit {
  readonly count: number;
  readonly withinMs: number;
}

/** Whose socket it is. */
export interface SocketOwner {
  readonly url: string;
  /** Address of the proxy in between, with its password where it has one. */
  readonly proxy?: string;
  readonly attemptLimit?: AttemptLimit;
  readonly keepAlive?: { readonly everyMs: number; readonly frame: string | null };
  /** A connection is open: the frames to send on it. */
  opened(): readonly string[];
  received(frame: string | Uint8Array): FrameVerdict;
  /** The connection is gone, or never came; a new one is tried after the backoff. */
  lost(why: string): void;
}

export type SocketState = 'connecting' | 'open' | 'waiting' | 'stopped';

/** How Bun begins: the address is known, and may hold a password. */
const ADDRESS_OF_ERROR = /^WebSocket connection to '[^']*' failed: /;

interface SocketEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly message?: string;
}

/**
 * A client socket that comes back. Waits between two attempts with exponential backoff, half of it jitter,
 * that falls back to its minimum only after a connection that held; longer where the venue's `Retry-After` or
 * its limit of attempts asks for it. Pings of the venue are answered by Bun and count as life, as do pongs.
 */
export class ReconnectingSocket {
  state: SocketState = 'stopped';
  /** Last sign of life, in the clock's time. */
  signAt: number | null = null;
  /** Connections that were opened after the first. */
  reconnects = 0;
  private socket: WebSocket | null = null;
  private failures = 0;
  /** Times of the last attempts, as many as the limit looks back on. */
  private attempts: number[] = [];
  private retryAfterMs = 0;
  private opens = 0;
  private openedAt = 0;
  private dataAt = 0;
  private keptAliveAt = 0;
  private callOff: () => void = () => {};

  constructor(
    private readonly owner: SocketOwner,
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly limits: SocketLimits = SOCKET_LIMITS,
  ) {}

  start(): void {
    if (this.state === 'stopped') this.connect();
  }

  stop(): void {
    this.drop();
    this.state = 'stopped';
  }

  private connect(): void {
    this.state = 'connecting';
    this.countAttempt();
    const { url, proxy } = this.owner;
    // Compression and proxy are options of Bun's client that the web's own type of it does not know.
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      ...(proxy !== undefined && { proxy }),
    } as never);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    const listen = (type: string, run: (event: SocketEvent) => void): void =>
      (socket as EventTarget).addEventListener(type, (event) => {
        if (socket === this.socket) run(event as never);
      });
    listen('handshake', ({ data }) => (this.retryAfterMs = retryAfterMsOf(data, this.clock.now())));
    listen('open', () => this.open(socket));
    listen('message', ({ data }) =>
      this.receive(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)),
    );
    listen('ping', () => this.live());
    listen('pong', () => this.live());
    const by = (why: string): string =>
      proxy !== undefined && this.mayBeProxy() ? `${why} (by the proxy ${new URL(proxy).host})` : why;
    listen('error', ({ message }) =>
      this.lose(by(message?.replace(ADDRESS_OF_ERROR, '') || 'connection failed')),
    );
    listen('close', ({ code }) =>
      this.lose(this.mayBeProxy() ? by(`closed (${code})`) : `closed by the venue (${code})`),
    );
    this.arm(this.limits.connectMsMax, () =>
      this.lose(by(`no connection within ${this.limits.connectMsMax} ms`)),
    );
  }

  /** Until a line stands it may be the proxy that is at fault. */
  private mayBeProxy(): boolean {
    return this.owner.proxy !== undefined && this.state !== 'open';
  }

  private open(socket: WebSocket): void {
    this.state = 'open';
    if (this.opens++ > 0) this.reconnects++;
    this.openedAt = this.dataAt = this.keptAliveAt = this.live();
    for (const frame of this.owner.opened()) socket.send(frame);
    this.arm(this.limits.watchMs, () => this.watch());
  }

  private receive(frame: string | Uint8Array): void {
    if (frame.length > this.limits.frameBytesMax) return this.lose(`a frame of ${frame.length} bytes`);
    const verdict = this.owner.received(frame);
    if (typeof verdict === 'object') return this.lose(verdict.lost, verdict.waitMsMin);
    if (verdict === 'noise') return;
    const now = this.live();
    if (verdict === 'data') this.dataAt = now;
  }

  /** Ages count in both directions: a clock that was set back must not keep a dead line for as long. */
  private watch(): void {
    const now = this.clock.now();
    const quietMs = Math.abs(now - (this.signAt ?? now));
    if (quietMs > this.limits.silenceMsMax) return this.lose(`silent for ${quietMs} ms`);
    const dataQuietMs = Math.abs(now - this.dataAt);
    if (dataQuietMs > this.limits.dataSilenceMsMax) return this.lose(`no quote for ${dataQuietMs} ms`);
    if (Math.abs(now - this.openedAt) >= this.limits.heldMsMin) this.failures = 0;
    this.keepAlive(now, quietMs);
    this.arm(this.limits.watchMs, () => this.watch());
  }

  private keepAlive(now: number, quietMs: number): void {
    const { keepAlive } = this.owner;
    if (!keepAlive) return;
    const sinceMs = Math.abs(now - this.keptAliveAt);
    if (sinceMs < keepAlive.everyMs && Math.min(sinceMs, quietMs) < this.limits.probeAfterMs) return;
    this.keptAliveAt = now;
    if (keepAlive.frame === null) this.socket?.ping();
    else this.socket?.send(keepAlive.frame);
  }

  private live(): number {
    return (this.signAt = this.clock.now());
  }

  private lose(why: string, waitMsMin = 0): void {
    this.drop();
    this.state = 'waiting';
    const ceilingMs = Math.min(
      this.limits.backoffMsMax,
      this.limits.backoffMsMin * 2 ** Math.min(this.failures++, 30),
    );
    const backoffMs = Math.round(ceilingMs * (0.5 + 0.5 * this.random()));
    const askedMs = Math.min(this.retryAfterMs, this.limits.retryAfterMsMax);
    this.retryAfterMs = 0;
    this.arm(Math.max(backoffMs, askedMs, waitMsMin, this.untilAllowedMs()), () => this.connect());
    this.owner.lost(askedMs > 0 ? `${why}; the venue asks to wait ${Math.ceil(askedMs / 1_000)} s` : why);
  }

  private countAttempt(): void {
    const { attemptLimit } = this.owner;
    if (attemptLimit) this.attempts = [...this.attempts, this.clock.now()].slice(-attemptLimit.count);
  }

  /**
   * Time until the venue's limit has room for one more attempt. A clock that was set back makes nobody wait
   * for longer than the limit looks back.
   */
  private untilAllowedMs(): number {
    const { attemptLimit } = this.owner;
    if (!attemptLimit || this.attempts.length < attemptLimit.count) return 0;
    return Math.max(0, attemptLimit.withinMs - Math.abs(this.clock.now() - (this.attempts[0] ?? -Infinity)));
  }

  /** Forgets the connection first, so that its late events find nobody. */
  private drop(): void {
    const { socket } = this;
    this.socket = null;
    this.callOff();
    this.callOff = () => {};
    socket?.terminate();
  }

  private arm(ms: number, run: () => void): void {
    this.callOff();
    this.callOff = this.clock.after(ms, run);
  }
}

/**
 * What a refused upgrade asks for: seconds, or a moment. Bun passes the answer in its event `handshake`.
 */
function retryAfterMsOf(answer: unknown, now: number): number {
  const rawHeaders =
    typeof answer === 'object' && answer !== null && 'rawHeaders' in answer && answer.rawHeaders;
  if (!Array.isArray(rawHeaders)) return 0;
  const name = rawHeaders.findIndex((text, index) => index % 2 === 0 && /^retry-after$/i.test(String(text)));
  const value = name < 0 ? '' : String(rawHeaders[name + 1]).trim();
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return ms > 0 ? ms : 0;
}
