/**
 * What waits longer was not worth taking: the quote that it names is good for seconds. So much wait is let
 * in, by what the last commits took; a short queue is always let in, since one slow flush says nothing about
 * the next.
 */
const WAIT_MS_MAX = 400;
const SHORT_QUEUE_TAPS = 512;
/** Taps of a commit from which on it says what a tap takes, and the weight of the newest one. */
const LEARNING_TAPS = 64;
const NEWEST_WEIGHT = 0.2;

/** How many taps may wait for their commit, by what commits took lately. */
export class QueueRoom {
  /** Of a commit with many of them, everything in it included; 0 until there was one. */
  #msPerTap = 0;

  /** @param tapsMax however quick commits are. */
  constructor(private readonly tapsMax: number) {}

  get taps(): number {
    return Math.min(this.tapsMax, Math.max(SHORT_QUEUE_TAPS, Math.floor(WAIT_MS_MAX / this.#msPerTap)));
  }

  /** A commit with so many taps took so long. */
  learn(taps: number, ms: number): void {
    if (taps < LEARNING_TAPS) return;
    const weight = this.#msPerTap === 0 ? 1 : NEWEST_WEIGHT;
    this.#msPerTap += weight * (ms / taps - this.#msPerTap);
  }
}
