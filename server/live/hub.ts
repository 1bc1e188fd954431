import type { Session } from '../game/session.ts';
import type { SessionBalance } from '../../views/wallet/balance.tsx';
import type { Today } from '../ports/today.ts';
import { Broadcaster } from './broadcaster.ts';
import { Conversation } from './conversation.ts';
import type { LiveDeps } from './deps.ts';
import { Heartbeat } from './heartbeat.ts';
import { CLOSE, Seats, SOCKETS_PER_ACCOUNT_MAX, type CloseCode } from './limits.ts';
import { Outbox } from './outbox.ts';
import { Pulse } from './pulse.ts';
import { pageSnapshot, streamSnapshot, type SnapshotParts } from './snapshot.ts';
import { SlowConsumers } from './slow-consumers.ts';
import { SessionBalances } from './session-balances.ts';
import { Days } from './today.ts';
import { TodayNews } from './today-news.ts';
import { topicOf, type Topic } from './topics.ts';
import { Connection, type SocketCaller, type RawSocket } from './connection.ts';
import { Connections } from './connections.ts';

/**
 * A socket server that can send one frame to all who subscribed. Bun's own compresses unless the third
 * argument is false.
 */
export interface Publisher {
  publish(topic: string, data: string, compress?: boolean): number;
}

/** The sockets of this process and what goes over them. */
export class LiveHub {
  readonly seats: Seats;
  readonly #connections = new Connections();
  readonly #outbox = new Outbox();
  readonly #slow = new SlowConsumers(this.#connections);
  readonly #sessionBalances: SessionBalances;
  readonly #days: Days;
  readonly #todayNews: TodayNews;
  readonly #heartbeat: Heartbeat;
  readonly #broadcaster: Broadcaster;
  readonly #conversation: Conversation;
  readonly #snapshots: SnapshotParts;
  readonly #pulse: Pulse;
  /** Sockets whose snapshot waits for its turn. */
  readonly #ungreeted = new Set<Connection>();
  readonly #stopListening: () => void;
  #publisher: Publisher | null = null;
  #draining = false;

  constructor(private readonly deps: LiveDeps) {
    const { house, books, rules, limits, now } = deps;
    this.seats = new Seats(limits.socketsMax, limits.socketsPerAddressMax);
    this.#heartbeat = new Heartbeat(deps, this.#connections);
    this.#sessionBalances = new SessionBalances(books, now, Math.min(...rules.stakes));
    this.#days = new Days(books, now);
    this.#todayNews = new TodayNews((id) => this.#days.look(id), this.#connections, deps.turns, now);
    this.#broadcaster = new Broadcaster(
      rules.windows,
      (topic, frame) => this.#publish(topic, frame),
      () => this.#outbox.release(),
      this.#connections,
      books,
      this.#sessionBalances,
      house,
    );
    this.#conversation = new Conversation(deps, (connection) => this.greet(connection));
    this.#snapshots = {
      house,
      books,
      broadcaster: this.#broadcaster,
      showOthers: deps.showOthers,
    };
    this.#pulse = new Pulse(() => this.#broadcaster.onHeartbeat(now()));
    const { events } = house;
    const ends = [
      this.#broadcaster.listen(events),
      events.on('bets', (updates) => this.#todayNews.onBets(updates)),
      events.on('tick', () => this.#pulse.heard()),
      events.on('transferred', (accountId) => this.#transferred(accountId)),
      events.on('blockedRanges', () => this.#closeBlocked()),
      events.on('resumed', () => this.#resume()),
    ];
    this.#stopListening = () => ends.forEach((end) => end());
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Who have a page with the board open. */
  get people(): number {
    return this.#connections.people;
  }

  /** Sockets closed since start because their client could not keep up. */
  get slowConsumers(): number {
    return this.#slow.count;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Balance and result of a session so far; null when its account is not there. */
  sessionBalanceOf(session: Session): SessionBalance | null {
    return this.#sessionBalances.of(session);
  }

  /** What the day has brought an account so far; null when it is not there. */
  today(accountId: string): Today | null {
    return this.#days.look(accountId);
  }

  /** The server that the sockets belong to; known once the first of them asks to come in. */
  attach(publisher: Publisher): void {
    this.#publisher = publisher;
  }

  /** Whether the account has as many sockets as it may. */
  isCrowded(session: Session | null): boolean {
    return session !== null && this.#connections.ofAccount(session.accountId).size >= SOCKETS_PER_ACCOUNT_MAX;
  }

  /**
   * The socket has a seat from here on. @returns null when there is none any more, and the socket was closed.
   */
  enter(caller: SocketCaller, rawSocket: RawSocket): Connection | null {
    if (this.#draining) return turnedAway(rawSocket, CLOSE.restart, 'restarting');
    // Several may have been let in for the last seat.
    if (this.isCrowded(caller.session) || !this.seats.take(caller.address, caller.isGuest))
      return turnedAway(rawSocket, CLOSE.full, 'no socket left');
    const connection = new Connection(caller, rawSocket, this.#outbox, this.deps.now());
    this.#connections.add(connection);
    return connection;
  }

  /**
   * The whole state, for a socket that has just come in, has missed something or is to show another board,
   * once its turn has come. Who asks again meanwhile gets it once, of the board that it asked for last.
   */
  greet(connection: Connection): void {
    if (this.#ungreeted.has(connection)) return;
    this.#ungreeted.add(connection);
    void this.deps.turns.take(
      connection.caller.address,
      () => this.#snapshot(connection),
      () => connection.close(CLOSE.full, 'too many waiting'),
    );
  }

  /** @param frame text or bytes as they came. */
  hear(connection: Connection, frame: string | Uint8Array): void {
    this.#conversation.hear(connection, frame);
  }

  /** The peer has shown that it is alive. */
  answered(connection: Connection): void {
    void this.#heartbeat.answered(connection);
  }

  /** Asks those for a sign of life that were not asked for a while, as happens every second. */
  beat(): void {
    this.#heartbeat.look();
    this.#todayNews.watchMidnight();
  }

  closed(connection: Connection, code: number): void {
    if (!this.#connections.remove(connection)) return;
    this.#slow.closed(connection, code);
    connection.closed = true;
    this.#ungreeted.delete(connection);
    this.seats.leave(connection.caller.address);
  }

  /** Closes the sockets of sessions that have ended; all of the account's when `sessionId` is null. */
  endSessions({
    accountId,
    sessionId,
  }: {
    readonly accountId: string;
    readonly sessionId: string | null;
  }): void {
    for (const connection of [...this.#connections.ofAccount(accountId)])
      if (sessionId === null || connection.caller.session?.id === sessionId)
        connection.close(CLOSE.signedOut, 'signed out');
  }

  /**
   * Closes all sockets with a code after which clients reconnect spread out, and accepts no new ones.
   */
  drain(): void {
    this.#draining = true;
    this.stop();
    for (const connection of [...this.#connections.all()]) connection.close(CLOSE.restart, 'restarting');
  }

  /** Neither hears of the house nor looks after its sockets any more. */
  stop(): void {
    this.#stopListening();
    this.#slow.stop();
    this.#heartbeat.stop();
    this.#pulse.stop();
  }

  #closeBlocked(): void {
    for (const connection of [...this.#connections.all()])
      if (this.deps.isBlocked(connection.caller.address)) connection.close(CLOSE.blocked, 'address blocked');
  }

  /** Sockets whose session has ended are closed; the others get the whole board again. */
  #resume(): void {
    for (const connection of [...this.#connections.all()]) {
      const { session } = connection.caller;
      if (session !== null && this.deps.books.sessionById(session.id) === null)
        connection.close(CLOSE.signedOut, 'signed out');
      else this.greet(connection);
    }
  }

  /** The pages show the balance at once, and what came or went is no result of a session. */
  #transferred(accountId: string): void {
    this.#sessionBalances.forget(accountId);
    this.#broadcaster.onTransfer(accountId);
  }

  #snapshot(connection: Connection): void {
    this.#ungreeted.delete(connection);
    if (connection.closed) return;
    const { kind, session } = connection.caller;
    const { board } = connection;
    try {
      connection.send(
        kind === 'page'
          ? pageSnapshot(this.#snapshots, session, board, this.deps.now())
          : streamSnapshot(this.#snapshots, session, board),
      );
      // Public frames of this board follow it, and none comes before; of another board none comes behind.
      connection.follow(topicOf(kind, board));
      if (kind === 'page' && session !== null) this.#todayNews.send(session.accountId);
    } catch (error) {
      this.deps.log.error({ err: error }, 'a socket could not be served');
      connection.close(CLOSE.broken, 'the server failed');
    }
  }

  #publish(topic: Topic, frame: string): void {
    this.#publisher?.publish(topic, frame, false);
  }
}

function turnedAway(rawSocket: RawSocket, code: CloseCode, reason: string): null {
  rawSocket.close(code, reason);
  return null;
}
