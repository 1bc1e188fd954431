import { setImmediate } from 'node:timers';
import type { Dial, Line, LineUser, TakeLine } from '../../server/link/line.ts';

/**
 * Lines within one process, for tests and for what need not be another one: frames arrive in a later turn, as
 * over a socket.
 */
export function dialWithin(takeThere: TakeLine): Dial {
  return async (takeHere) => {
    const here = new PairedLine();
    const there = new PairedLine();
    here.other = there;
    there.other = here;
    there.user = takeThere(there);
    here.user = takeHere(here);
    return true;
  };
}

class PairedLine implements Line {
  user: LineUser | null = null;
  other: PairedLine | null = null;
  #waiting: string[] = [];
  #length = 0;
  #closed = false;

  get waiting(): number {
    return this.#length;
  }

  send(frame: string): void {
    if (this.#closed) return;
    this.#length += frame.length;
    if (this.#waiting.push(frame) === 1) setImmediate(() => this.#deliver());
  }

  close(): void {
    this.#end();
    this.other!.#end();
  }

  #deliver(): void {
    const frames = this.#waiting;
    this.#waiting = [];
    this.#length = 0;
    for (const frame of frames) if (!this.other!.#closed) this.other!.user!.frame(frame);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => this.user!.closed());
  }
}
