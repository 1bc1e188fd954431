import type { Connection } from './connection.ts';

/** The code of a connection that ended without a word. */
const ENDED_ABRUPTLY = 1006;
const LOOK_MS = 1_000;

/**
 * Counts the sockets that were closed because their peer did not take what it was sent. The server closes
 * them by itself at its limit, and its close event says no more than that the connection is gone: so it is
 * remembered for whom something waited when last looked.
 */
export class SlowConsumers {
  readonly #timer: Timer;
  #count = 0;

  constructor(private readonly connections: { all(): Iterable<Connection> }) {
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  /** How many since start. */
  get count(): number {
    return this.#count;
  }

  look(): void {
    for (const connection of this.connections.all()) connection.lookBehind();
  }

  closed(connection: Connection, code: number): void {
    if (connection.isBehind && code === ENDED_ABRUPTLY) this.#count++;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
