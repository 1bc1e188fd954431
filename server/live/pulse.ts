/**
 * Half of the longest time for which a living line is silent. Clients take twice the whole for a dead one.
 */
const PULSE_MS = 500;

/**
 * Tells a line on which nothing happens from a line that is dead: prices come ten times a second, and when
 * they do not, a sign of life takes their place. TCP alone would let a client wait for minutes.
 */
export class Pulse {
  readonly #timer: Timer;
  #isQuiet = false;

  constructor(private readonly beat: () => void) {
    this.#timer = setInterval(() => this.look(), PULSE_MS);
    this.#timer.unref();
  }

  /** Something was told to everybody. */
  heard(): void {
    this.#isQuiet = false;
  }

  look(): void {
    if (this.#isQuiet) this.beat();
    this.#isQuiet = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
