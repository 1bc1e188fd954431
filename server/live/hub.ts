import type { Session } from '../game/session.ts';
import type { Standing } from '../../views/wallet/balance.tsx';
import { Broadcaster } from './broadcaster.ts';
import { Conversation } from './conversation.ts';
import type { LiveDeps } from './deps.ts';
import { Heartbeat } from './heartbeat.ts';
import { CLOSE, Seats, SOCKETS_PER_ACCOUNT_MAX, type CloseCode } from './limits.ts';
import { Outbox } from './outbox.ts';
import { Pulse } from './pulse.ts';
import { pageSnapshot, streamSnapshot, type SnapshotParts } from './snapshot.ts';
import { SlowConsumers } from './slow-consumers.ts';
import { Standings } from './standing.ts';
import { TOPICS, type Topic } from './topics.ts';
import { Watcher, type Visitor, type Wire } from './watcher.ts';
import { Watchers } from './watchers.ts';

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
  readonly #watchers = new Watchers();
  readonly #outbox = new Outbox();
  readonly #slow = new SlowConsumers(this.#watchers);
  readonly #standings: Standings;
  readonly #heartbeat: Heartbeat;
  readonly #broadcaster: Broadcaster;
  readonly #conversation: Conversation;
  readonly #snapshots: SnapshotParts;
  readonly #pulse: Pulse;
  /** Sockets whose snapshot waits for its turn. */
  readonly #ungreeted = new Set<Watcher>();
  readonly #stopListening: () => void;
  #publisher: Publisher | null = null;
  #draining = false;

  constructor(private readonly deps: LiveDeps) {
    const { house, books, rules, limits, now } = deps;
    this.seats = new Seats(limits.socketsMax, limits.socketsPerAddressMax);
    this.#heartbeat = new Heartbeat(deps, this.#watchers);
    this.#standings = new Standings(books, now, Math.min(...rules.stakes));
    this.#broadcaster = new Broadcaster(
      (topic, frame) => this.#publish(topic, frame),
      () => this.#outbox.release(),
      this.#watchers,
      books,
      this.#standings,
      house,
    );
    this.#conversation = new Conversation(deps, (watcher) => this.greet(watcher));
    this.#snapshots = { house, books, broadcaster: this.#broadcaster, windowMs: rules.windowMs };
    this.#pulse = new Pulse(() => this.#broadcaster.onHeartbeat(now()));
    const ends = [this.#broadcaster.listen(house.events), house.events.on('tick', () => this.#pulse.heard())];
    this.#stopListening = () => ends.forEach((end) => end());
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** Sockets closed since start because their peer did not keep up. */
  get slowConsumers(): number {
    return this.#slow.count;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Balance and result of a session so far; null when its account is not there. */
  standingOf(session: Session): Standing | null {
    return this.#standings.of(session);
  }

  /** The server that the sockets belong to; known once the first of them asks to come in. */
  attach(publisher: Publisher): void {
    this.#publisher = publisher;
  }

  /** Whether the account has as many sockets as it may. */
  isCrowded(session: Session | null): boolean {
    return session !== null && this.#watchers.ofAccount(session.accountId).size >= SOCKETS_PER_ACCOUNT_MAX;
  }

  /**
   * The socket has a seat from here on. @returns null when there is none any more, and the socket was closed.
   */
  enter(visitor: Visitor, wire: Wire): Watcher | null {
    if (this.#draining) return turnedAway(wire, CLOSE.restart, 'restarting');
    // Several may have been let in for the last seat.
    if (this.isCrowded(visitor.session) || !this.seats.take(visitor.address, visitor.isGuest))
      return turnedAway(wire, CLOSE.full, 'no seat left');
    const watcher = new Watcher(visitor, wire, this.#outbox, this.deps.now());
    this.#watchers.add(watcher);
    return watcher;
  }

  /**
   * The whole state, for a socket that has just come in or has missed something, once its turn has come. Who
   * asks again meanwhile gets it once.
   */
  greet(watcher: Watcher): void {
    if (this.#ungreeted.has(watcher)) return;
    this.#ungreeted.add(watcher);
    void this.deps.turns.take(
      watcher.visitor.address,
      () => this.#snapshot(watcher),
      () => watcher.close(CLOSE.full, 'too many wait'),
    );
  }

  /** @param frame text or bytes as they came. */
  hear(watcher: Watcher, frame: string | Uint8Array): void {
    this.#conversation.hear(watcher, frame);
  }

  /** The peer has shown that it is alive. */
  answered(watcher: Watcher): void {
    void this.#heartbeat.answered(watcher);
  }

  /** Asks those for a sign of life that were not asked for a while, as happens every second. */
  beat(): void {
    this.#heartbeat.look();
  }

  closed(watcher: Watcher, code: number): void {
    if (!this.#watchers.remove(watcher)) return;
    this.#slow.closed(watcher, code);
    watcher.closed = true;
    this.#ungreeted.delete(watcher);
    this.seats.leave(watcher.visitor.address);
  }

  /** Closes the sockets of sessions that have ended; all of the account's when `sessionId` is null. */
  endSessions({
    accountId,
    sessionId,
  }: {
    readonly accountId: string;
    readonly sessionId: string | null;
  }): void {
    for (const watcher of [...this.#watchers.ofAccount(accountId)])
      if (sessionId === null || watcher.visitor.session?.id === sessionId)
        watcher.close(CLOSE.signedOut, 'signed out');
  }

  /** Closes the sockets of addresses that operators have blocked. */
  closeBlocked(): void {
    for (const watcher of [...this.#watchers.all()])
      if (this.deps.isBlocked(watcher.visitor.address)) watcher.close(CLOSE.blocked, 'address blocked');
  }

  /**
   * Money came to an account or left it otherwise than by playing: its pages show the balance at once, and it
   * is no result of a session.
   */
  transferred(accountId: string): void {
    this.#standings.forget(accountId);
    this.#broadcaster.onTransfer(accountId);
  }

  /** An operator blocked, unblocked or limited an account: its sockets are told at once. */
  restricted(accountId: string): void {
    this.#broadcaster.onRestricted(accountId);
  }

  /**
   * Sends everybody away with a code after which clients come back spread out, and lets nobody in any more.
   */
  drain(): void {
    this.#draining = true;
    this.stop();
    for (const watcher of [...this.#watchers.all()]) watcher.close(CLOSE.restart, 'restarting');
  }

  /** Neither hears of the house nor looks after its sockets any more. */
  stop(): void {
    this.#stopListening();
    this.#slow.stop();
    this.#heartbeat.stop();
    this.#pulse.stop();
  }

  #snapshot(watcher: Watcher): void {
    this.#ungreeted.delete(watcher);
    if (watcher.closed) return;
    const { kind, session } = watcher.visitor;
    try {
      watcher.send(
        kind === 'page'
          ? pageSnapshot(this.#snapshots, session, this.deps.now())
          : streamSnapshot(this.#snapshots, session),
      );
      // Public frames follow it, and none comes before.
      watcher.subscribe(TOPICS[kind]);
    } catch (error) {
      this.deps.log.error({ err: error }, 'a socket could not be served');
      watcher.close(CLOSE.broken, 'the server failed');
    }
  }

  #publish(topic: Topic, frame: string): void {
    this.#publisher?.publish(topic, frame, false);
  }
}

function turnedAway(wire: Wire, code: CloseCode, reason: string): null {
  wire.close(code, reason);
  return null;
}
