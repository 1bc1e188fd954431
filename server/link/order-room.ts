import { CALLS_UNDER_WAY_MAX, ORDERS_INSIDE_MIN, ORDERS_INSIDE_MS } from './limits.ts';

/** Account calls and questions about refused orders need some of the calls too. */
const ORDERS_INSIDE_MAX = CALLS_UNDER_WAY_MAX / 2;

/**
 * How many orders of an edge may wait for their answers: as many as are answered within a fraction of a
 * second (Little's law), so that who is let in is answered soon, and who is not hears so at once.
 */
export class OrderRoom {
  #inside = 0;
  #sliceEnds = 0;
  #answered = 0;
  #room = ORDERS_INSIDE_MIN;

  /** @param steadyMs a clock that never jumps. */
  constructor(private readonly steadyMs: () => number = () => performance.now()) {}

  get isFull(): boolean {
    return this.#inside >= this.#room;
  }

  /** Every `enter` needs a `leave`. */
  enter(): void {
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    this.#answered += 1;
    const now = this.steadyMs();
    if (now < this.#sliceEnds) return;
    // A slice that took longer than it should had answers for longer.
    const share = ORDERS_INSIDE_MS / (ORDERS_INSIDE_MS + now - this.#sliceEnds);
    this.#room = Math.min(ORDERS_INSIDE_MAX, Math.max(ORDERS_INSIDE_MIN, Math.floor(this.#answered * share)));
    [this.#answered, this.#sliceEnds] = [0, now + ORDERS_INSIDE_MS];
  }
}
