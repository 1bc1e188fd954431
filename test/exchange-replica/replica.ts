import type { Server, ServerWebSocket } from 'bun';
import { PROTOCOLS } from './protocols.ts';
import type { Book, Line } from './protocols/protocol.ts';
import { VENUES, type VenueName } from '../../server/feed/spec.ts';

/** The venues' own times, shortened so that a test sees them. */
export interface ReplicaTimes {
  /** Coinbase: cut without a subscription. */
  readonly subscribeWithinMs: number;
  /** OKX: cut when neither side said anything. */
  readonly silenceMsMax: number;
  readonly heartbeatEveryMs: number;
  /** Binance: ping frame; and cut when no pong came back. */
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
}

const TIMES: ReplicaTimes = {
  subscribeWithinMs: 300,
  silenceMsMax: 400,
  heartbeatEveryMs: 50,
  pingEveryMs: 60,
  pongWithinMs: 400,
};
/** Binance: client messages per second, pings included. */
const MESSAGES_PER_SECOND_MAX = 5;

interface Connection extends Line {
  socket: ServerWebSocket<Connection> | null;
  /** This and what follows is in the replica's own time. */
  readonly openedAt: number;
  heardAt: number;
  saidAt: number;
  pongAt: number;
  pings: number;
  messageTimes: number[];
}

/**
 * The six venues on one local port, for tests only: each under its own path, each strict about its own rules,
 * each able to misbehave on command.
 */
export class Replica {
  /** Rules that clients broke, `venue: rule`. */
  readonly violations: string[] = [];
  /** What clients said, by venue. */
  readonly heard = byVenue((): string[] => []);
  readonly connects = byVenue(() => 0);
  /** Frames that were sent, by venue. */
  readonly said = byVenue(() => 0);
  /** The newest quote, by venue. */
  readonly lastSaid = byVenue(() => '');
  readonly urls: Record<VenueName, string>;
  private readonly server: Server<Connection>;
  private readonly connections = new Set<Connection>();
  private readonly refusals = byVenue((): number | null => null);
  private readonly muted = new Set<VenueName>();
  private readonly timer: Timer;
  /** Moves from beat to beat: a machine that stands still for a while breaks no rule for either side. */
  private time = 0;

  constructor(
    private readonly times: ReplicaTimes = TIMES,
    address = '127.0.0.1',
  ) {
    this.server = Bun.serve<Connection>({
      port: 0,
      hostname: address,
      reusePort: false,
      fetch: (request, server) => this.upgrade(request, server),
      websocket: {
        sendPings: false,
        open: (socket) => this.open(socket),
        message: (socket, text) => this.hear(socket.data, String(text)),
        ping: (socket) => void this.limit(socket.data),
        pong: (socket) => void (socket.data.pongAt = this.time),
        close: (socket) => void this.connections.delete(socket.data),
      },
    });
    this.urls = byVenue((venue) => `ws://${address}:${this.server.port}/${venue}`);
    this.timer = setInterval(() => this.beat(), times.heartbeatEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.server.stop(true);
  }

  /** Lines of the venue on which its quotes are subscribed. */
  subscribed(venue: VenueName): Connection[] {
    return [...this.connections].filter(
      (line) => line.venue === venue && line.subscriptions.has(PROTOCOLS[venue].channel),
    );
  }

  /** Sends a quote to every subscribed line; an exchange time other than now is up to the caller. */
  quote(venue: VenueName, bid: string, ask: string, at: number = Date.now()): void {
    for (const line of this.subscribed(venue))
      this.say(line, (this.lastSaid[venue] = PROTOCOLS[venue].book(line, { bid, ask, at } satisfies Book)));
  }

  send(venue: VenueName, frame: string | Uint8Array): void {
    for (const line of this.connections) if (line.venue === venue) this.say(line, frame);
  }

  /** As if `count` messages had been lost on the way. */
  skip(venue: VenueName, count = 1): void {
    for (const line of this.connections) if (line.venue === venue) line.sequence += count;
  }

  shutdown(venue: VenueName): void {
    for (const line of this.subscribed(venue)) this.say(line, PROTOCOLS[venue].shutdown!(line));
  }

  refuseSubscription(venue: VenueName): void {
    for (const line of this.subscribed(venue)) this.say(line, PROTOCOLS[venue].refusal(line));
  }

  /** The line stays open, but nothing is sent or answered any more. */
  mute(venue: VenueName, isMuted: boolean): void {
    if (isMuted) this.muted.add(venue);
    else this.muted.delete(venue);
  }

  /** Answers upgrades with this HTTP status; null lets them in again. */
  refuse(venue: VenueName, status: number | null): void {
    this.refusals[venue] = status;
  }

  /** Cuts the TCP connections without a close frame. */
  kill(venue: VenueName): void {
    for (const line of [...this.connections]) if (line.venue === venue) line.socket!.terminate();
  }

  pings(venue: VenueName): { sent: number; answered: boolean }[] {
    return [...this.connections]
      .filter((line) => line.venue === venue)
      .map((line) => ({ sent: line.pings, answered: line.pongAt > line.openedAt }));
  }

  private upgrade(request: Request, server: Server<Connection>): Response | undefined {
    const venue = new URL(request.url).pathname.slice(1) as VenueName;
    if (!(venue in PROTOCOLS)) return new Response('no such venue', { status: 404 });
    this.connects[venue]++;
    const status = this.refusals[venue];
    if (status !== null) return new Response('not now', { status, headers: { 'Retry-After': '1' } });
    const now = this.time;
    const line: Connection = {
      venue,
      subscriptions: new Set(),
      sequence: 0,
      socket: null,
      openedAt: now,
      heardAt: now,
      saidAt: now,
      pongAt: now,
      pings: 0,
      messageTimes: [],
      send: (frame) => this.say(line, frame),
      cut: (rule) => this.cut(line, rule),
    };
    return server.upgrade(request, { data: line })
      ? undefined
      : new Response('WebSocket only', { status: 426 });
  }

  private open(socket: ServerWebSocket<Connection>): void {
    socket.data.socket = socket;
    this.connections.add(socket.data);
    PROTOCOLS[socket.data.venue].greet?.(socket.data);
  }

  private hear(line: Connection, text: string): void {
    this.heard[line.venue].push(text);
    line.heardAt = this.time;
    if (this.limit(line) && !this.muted.has(line.venue)) PROTOCOLS[line.venue].hear(line, text);
  }

  private limit(line: Connection): boolean {
    if (line.venue !== 'binance') return true;
    const now = this.time;
    line.messageTimes = [...line.messageTimes.filter((at) => now - at < 1_000), now];
    if (line.messageTimes.length > MESSAGES_PER_SECOND_MAX)
      this.cut(line, 'more than five messages a second');
    return line.messageTimes.length <= MESSAGES_PER_SECOND_MAX;
  }

  private say(line: Connection, frame: string | Uint8Array): void {
    if (this.muted.has(line.venue) || frame.length === 0) return;
    line.saidAt = this.time;
    this.said[line.venue]++;
    line.socket!.send(frame);
  }

  private cut(line: Connection, rule: string): void {
    this.violations.push(`${line.venue}: ${rule}`);
    line.socket?.close(1008, rule);
  }

  private beat(): void {
    const now = (this.time += this.times.heartbeatEveryMs);
    for (const line of this.connections) {
      if (
        line.venue === 'coinbase' &&
        line.subscriptions.size === 0 &&
        now - line.openedAt > this.times.subscribeWithinMs
      )
        this.cut(line, 'no subscription in time');
      if (line.venue === 'okx' && now - Math.max(line.saidAt, line.heardAt) > this.times.silenceMsMax)
        this.cut(line, 'silence');
      if (line.venue === 'binance') this.ping(line, now);
      if (line.subscriptions.size > 0) this.say(line, PROTOCOLS[line.venue].heartbeat?.(line) ?? '');
    }
  }

  private ping(line: Connection, now: number): void {
    if (now - line.pongAt > this.times.pongWithinMs) this.cut(line, 'no pong');
    else if (!this.muted.has(line.venue) && now - line.openedAt > line.pings * this.times.pingEveryMs) {
      line.pings++;
      line.socket!.ping(`${now}`);
    }
  }
}

function byVenue<Value>(make: (venue: VenueName) => Value): Record<VenueName, Value> {
  return Object.fromEntries([...VENUES.USD, ...VENUES.USDT].map((venue) => [venue, make(venue)])) as Record<
    VenueName,
    Value
  >;
}
