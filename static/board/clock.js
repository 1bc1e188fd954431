/**
 * Server time, whatever the clock of this device says. Every frame carries its time; the one with the
 * shortest transit is the best estimate, so the largest difference of the last half minute counts. Time never
 * jumps back on the screen: it is slewed.
 */
export class ServerClock {
  /** @type {[here: number, offset: number][]} */
  #samples = [];
  #offset;

  /** @param {number} firstAt server time when the page was rendered, UTC epoch ms */
  constructor(firstAt) {
    this.#offset = firstAt - performance.now();
  }

  /** @param {number} at when the server made what has just arrived */
  hear(at) {
    const here = performance.now();
    this.#samples.push([here, at - here]);
    while ((this.#samples[0]?.[0] ?? here) < here - SAMPLES_KEPT_MS) this.#samples.shift();
    let best = -Infinity;
    for (const [, offset] of this.#samples) if (offset > best) best = offset;
    const step = best - this.#offset;
    this.#offset += Math.abs(step) > JUMP_MS ? step : Math.max(-SLEW_MS, Math.min(SLEW_MS, step));
  }

  /** UTC epoch ms on the server, a little late by the time that the fastest frame took. */
  now() {
    return performance.now() + this.#offset;
  }
}

const SAMPLES_KEPT_MS = 30_000;
const JUMP_MS = 400;
const SLEW_MS = 4;
