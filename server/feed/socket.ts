import type { Clock } from './clock.ts';

export interface SocketLimits {
  readonly connectMsMax: number;
  /** No sign of life for so long: the connection is cut and made anew. */
  readonly silenceMsMax: number;
  /** Signs of life but no data for so long: the same. */
  readonly dataSilenceMsMax: number;
  /** A keep-alive is sent after so long without a sign of life. */
  readonly probeAfterMs: number;
  /** How often the rules above are looked at. */
  readonly watchMs: number;
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
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
  frameBytesMax: 1024 * 1024,
};

/** What a frame was: `data` also ends the backoff, `noise` is no sign of life, `lost` ends the connection. */
export type FrameVerdict = 'data' | 'life' | 'noise' | { readonly lost: string };

/** Whose socket it is. */
export interface SocketOwner {
  readonly url: string;
  readonly keepAlive?: { readonly everyMs: number; readonly frame: string | null };
  /** A connection is open: the frames to send on it. */
  opened(): readonly string[];
  received(frame: string | Uint8Array): FrameVerdict;
  /** The connection is gone, or never came; a new one is tried after the backoff. */
  lost(why: string): void;
}

export type SocketState = 'connecting' | 'open' | 'waiting' | 'stopped';

/**
 * A client socket that comes back. Waits between two attempts with exponential backoff, half of it jitter, that falls back to its minimum only after
 * a data frame: a venue that accepts and drops is not hammered. Pings of the venue are answered by Bun and count as life, as do pongs.
 */
export class ReconnectingSocket {
  state: SocketState = 'stopped';
  /** Last sign of life, in the clock's time. */
  signAt: number | null = null;
  /** Connections that were opened after the first. */
  reconnects = 0;
  private socket: WebSocket | null = null;
  private attempts = 0;
  private opens = 0;
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
    // Compression is an option of Bun's client that the web's own type of it does not know.
    const socket = new WebSocket(this.owner.url, { perMessageDeflate: false } as never);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    const listen = (type: string, run: (event: { data?: unknown; code?: number; message?: string }) => void): void =>
      (socket as EventTarget).addEventListener(type, (event) => {
        if (socket === this.socket) run(event as never);
      });
    listen('open', () => this.open(socket));
    listen('message', ({ data }) => this.receive(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)));
    listen('ping', () => this.live());
    listen('pong', () => this.live());
    listen('error', ({ message }) => this.lose(message || 'connection failed'));
    listen('close', ({ code }) => this.lose(`closed by the venue (${code})`));
    this.arm(this.limits.connectMsMax, () => this.lose(`no connection within ${this.limits.connectMsMax} ms`));
  }

  private open(socket: WebSocket): void {
    this.state = 'open';
    if (this.opens++ > 0) this.reconnects++;
    this.dataAt = this.keptAliveAt = this.live();
    for (const frame of this.owner.opened()) socket.send(frame);
    this.arm(this.limits.watchMs, () => this.watch());
  }

  private receive(frame: string | Uint8Array): void {
    if (frame.length > this.limits.frameBytesMax) return this.lose(`a frame of ${frame.length} bytes`);
    const verdict = this.owner.received(frame);
    if (typeof verdict === 'object') return this.lose(verdict.lost);
    if (verdict === 'noise') return;
    this.live();
    if (verdict === 'life') return;
    this.dataAt = this.signAt!;
    this.attempts = 0;
  }

  /** Ages count in both directions: a clock that was set back must not keep a dead line for as long. */
  private watch(): void {
    const now = this.clock.now();
    const quietMs = Math.abs(now - this.signAt!);
    if (quietMs > this.limits.silenceMsMax) return this.lose(`silent for ${quietMs} ms`);
    const dataQuietMs = Math.abs(now - this.dataAt);
    if (dataQuietMs > this.limits.dataSilenceMsMax) return this.lose(`no quote for ${dataQuietMs} ms`);
    this.keepAlive(now, quietMs);
    this.arm(this.limits.watchMs, () => this.watch());
  }

  private keepAlive(now: number, quietMs: number): void {
    const { keepAlive } = this.owner;
    if (!keepAlive) return;
    const sinceMs = Math.abs(now - this.keptAliveAt);
    if (sinceMs < keepAlive.everyMs && Math.min(sinceMs, quietMs) < this.limits.probeAfterMs) return;
    this.keptAliveAt = now;
    if (keepAlive.frame === null) this.socket!.ping();
    else this.socket!.send(keepAlive.frame);
  }

  private live(): number {
    return (this.signAt = this.clock.now());
  }

  private lose(why: string): void {
    this.drop();
    this.state = 'waiting';
    const ceilingMs = Math.min(this.limits.backoffMsMax, this.limits.backoffMsMin * 2 ** Math.min(this.attempts++, 30));
    this.arm(Math.round(ceilingMs * (0.5 + 0.5 * this.random())), () => this.connect());
    this.owner.lost(why);
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
