import type { Connection } from './connection.ts';

/** Longest wait of what was held, should no price come. */
const HELD_MS_MAX = 150;

/**
 * Sockets with frames that wait for the end of this turn of the event loop: what one commit means for a
 * trader, the change of their bet and the answer to their order, leaves in one write of their socket, since
 * each write is a system call. Held frames leave with the socket's next message, a price at the latest.
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
