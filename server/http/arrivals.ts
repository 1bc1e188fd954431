/** Requests that are answered in one turn of the loop; those behind them wait for the next. */
const ARRIVALS_A_TURN_MAX = 64;
/** Requests that wait, of all connections. */
const ARRIVALS_WAITING_MAX = 20_000;

/**
 * Admits a limited number of requests per turn of the loop, whatever their outcome. A refusal costs little,
 * but ten thousand of them in one packet would delay a tick for seconds: as long as each is answered at once,
 * the server continues with the next one in the packet. The first that has to wait stops that, because Bun
 * reads no more from a connection while a response is due.
 */
export class Arrivals {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @returns null when the request may be answered at once; else a promise of its turn, which is false when
   * too many wait.
   */
  wait(): Promise<boolean> | null {
    if (this.#count === 0) setImmediate(this.#next);
    if (this.#count < ARRIVALS_A_TURN_MAX && this.#waiting.length === 0) {
      this.#count++;
      return null;
    }
    if (this.#waiting.length >= ARRIVALS_WAITING_MAX) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(() => resolve(true)));
  }

  readonly #next = (): void => {
    const turn = this.#waiting.splice(0, ARRIVALS_A_TURN_MAX);
    this.#count = turn.length;
    for (const resolve of turn) resolve();
    if (turn.length > 0) setImmediate(this.#next);
  };
}
