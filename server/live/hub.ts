import type { Session } from '../game/session.ts';
import type { Standing } from '../../views/wallet/balance.tsx';
import { Broadcaster } from './broadcaster.ts';
import { Conversation } from './conversation.ts';
import type { LiveDeps } from './deps.ts';
import { CLOSE, CLOSE_FULL, CLOSE_RESTART, Seats } from './limits.ts';
import { pageSnapshot, streamSnapshot, type SnapshotParts } from './snapshot.ts';
import { SlowConsumers } from './slow-consumers.ts';
import { Standings } from './standing.ts';
import { TOPICS, type Topic } from './topics.ts';
import { Watcher, type Visitor, type Wire } from './watcher.ts';
import { Watchers } from './watchers.ts';

/** A socket server that can send one frame to all who subscribed. Bun's own compresses unless the third argument is false. */
export interface Publisher {
  publish(topic: string, data: string, compress?: boolean): number;
}

/** The sockets of this process and what goes over them. */
export class LiveHub {
  readonly seats: Seats;
  readonly #watchers = new Watchers();
  readonly #slow = new SlowConsumers(this.#watchers);
  readonly #standings: Standings;
  readonly #broadcaster: Broadcaster;
  readonly #conversation: Conversation;
  readonly #snapshots: SnapshotParts;
  readonly #stopListening: () => void;
  #publisher: Publisher | null = null;
  #draining = false;

  constructor(private readonly deps: LiveDeps) {
    const { house, books, rules, limits, now } = deps;
    this.seats = new Seats(limits.socketsMax, limits.socketsPerAddressMax);
    this.#standings = new Standings(books, now);
    this.#broadcaster = new Broadcaster((topic, frame) => this.#publish(topic, frame), this.#watchers, books, this.#standings);
    this.#conversation = new Conversation(deps, (watcher) => this.#sendSnapshot(watcher));
    this.#snapshots = { house, books, broadcaster: this.#broadcaster, windowMs: rules.windowMs };
    this.#stopListening = this.#broadcaster.listen(house.events);
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

  open(id: string, visitor: Visitor, wire: Wire): void {
    if (this.#draining) return wire.close(CLOSE_RESTART, 'restarting');
    // Several may have been let in for the last seat.
    if (!this.seats.take(visitor.address)) return wire.close(CLOSE_FULL, 'no seat left');
    const watcher = new Watcher(visitor, wire, this.deps.now());
    this.#watchers.add(id, watcher);
    watcher.subscribe(TOPICS[visitor.kind]);
    this.#sendSnapshot(watcher);
  }

  hear(id: string, frame: unknown): void {
    const watcher = this.#watchers.get(id);
    if (watcher) this.#conversation.hear(watcher, frame);
  }

  closed(id: string, code: number): void {
    const watcher = this.#watchers.remove(id);
    if (watcher === undefined) return;
    this.#slow.closed(watcher, code);
    watcher.closed = true;
    this.seats.leave(watcher.visitor.address);
  }

  /** Closes the sockets of sessions that have ended; all of the account's when `sessionId` is null. */
  endSessions({ accountId, sessionId }: { readonly accountId: string; readonly sessionId: string | null }): void {
    for (const watcher of [...this.#watchers.ofAccount(accountId)])
      if (sessionId === null || watcher.visitor.session?.id === sessionId) watcher.close(CLOSE.signedOut, 'signed out');
  }

  /** Money came to an account or left it otherwise than by playing: its pages show the balance at once, and it is no result of a session. */
  transferred(accountId: string): void {
    this.#standings.forget(accountId);
    this.#broadcaster.onTransfer(accountId);
  }

  /** Sends everybody away with a code after which clients come back spread out, and lets nobody in any more. */
  drain(): void {
    this.#draining = true;
    this.#stopListening();
    this.#slow.stop();
    for (const watcher of this.#watchers.all()) watcher.close(CLOSE_RESTART, 'restarting');
  }

  #publish(topic: Topic, frame: string): void {
    this.#publisher?.publish(topic, frame, false);
  }

  #sendSnapshot(watcher: Watcher): void {
    const { kind, session } = watcher.visitor;
    watcher.send(kind === 'page' ? pageSnapshot(this.#snapshots, session, this.deps.now()) : streamSnapshot(this.#snapshots, session));
  }
}
