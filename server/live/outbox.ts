import type { Watcher } from './watcher.ts';

/**
 * Sockets with frames that wait for the end of this turn of the event loop: what one commit tells a trader, the change of his bet and the answer to his order, leaves in one
 * write of his socket, since each write is a call of the system.
 */
export class Outbox {
  #waiting: Watcher[] = [];

  constructor(private readonly soon: (work: () => void) => void = (work) => void setImmediate(work)) {}

  /** Called once for each socket and turn. */
  add(watcher: Watcher): void {
    if (this.#waiting.push(watcher) === 1) this.soon(() => this.flush());
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const watcher of waiting) watcher.flush();
  }
}
