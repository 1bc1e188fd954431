import type { Connection } from './connection.ts';

/** Longest wait of what was held, should no price come. */
const HELD_MS_MAX = 150;

/**
 * Sockets with frames that wait for the end of this turn of the event loop: what one commit tells a trader,
 * the change of his bet and the answer to his order, leaves in one write of his socket, since each write is a
 * call of the system. What is held leaves with whatever the socket is told next, a price at the latest.
 */
export class Outbox {
  #waiting: Connection[] = [];
  #held: Connection[] = [];
  #limit: Timer | null = null;

  constructor(private readonly soon: (work: () => void) => void = (work) => void setImmediate(work)) {}

  /** Called once for each socket and turn. */
  add(connection: Connection): void {
    if (this.#waiting.push(connection) === 1) this.soon(() => this.flush());
  }

  /** Called once for each socket that has nothing else waiting. */
  hold(connection: Connection): void {
    this.#held.push(connection);
    this.#limit ??= setTimeout(() => this.release(), HELD_MS_MAX);
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const connection of waiting) connection.flush();
  }

  /**
   * To be called in the turn in which something was published, when all of it was: both leave in one write.
   */
  release(): void {
    if (this.#limit === null) return;
    clearTimeout(this.#limit);
    this.#limit = null;
    const held = this.#held;
    this.#held = [];
    for (const connection of held) connection.flush(true);
  }
}
