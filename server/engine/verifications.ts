/**
 * Orders whose signature is being verified, a fraction of a second's work. Past it an order is refused at
 * once: in a longer queue quotes would expire while they wait, and the work of verifying would be for
 * nothing.
 */
export const VERIFYING_MAX = 2_000;

/** What is being verified, off the event loop: orders, and the taps that will want room in the queue. */
export class Verifications {
  #orders = 0;
  #taps = 0;

  get isFull(): boolean {
    return this.#orders >= VERIFYING_MAX;
  }

  get taps(): number {
    return this.#taps;
  }

  /** Every `begin` needs an `end`. */
  begin(taps: number): void {
    this.#orders += 1;
    this.#taps += taps;
  }

  end(taps: number): void {
    this.#orders -= 1;
    this.#taps -= taps;
  }
}
