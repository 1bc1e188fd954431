import { Ewma } from './ewma.ts';
import type { Cents } from './price.ts';

const MINUTE_MS = 60_000;
/** Half-lives in seconds of the two means of the moves a minute. */
const LATELY_HALF_LIFE = 1_800;
const USUAL_HALF_LIFE = 6 * 3_600;
/**
 * A price that moves less often than this, as a mean over the last half hour, is too sparse to sell on:
 * nobody knows where it would have been in between. By the mean, because which minutes are quiet has to do
 * with what comes next: leaving those out picks the cells that pay more.
 */
export const MOVES_PER_MINUTE_SPARSE = 20;

/** How often the price moves. A function of the ticks in their order. */
export class MoveRate {
  readonly #moves: number[] = [];
  readonly #lately = new Ewma(LATELY_HALF_LIFE);
  readonly #usual = new Ewma(USUAL_HALF_LIFE);
  #price: Cents | null = null;
  #movedAt = 0;
  #beganAt = 0;
  #second = 0;
  #isKnown = false;

  /** Takes the next tick; in its first minute nothing is known. */
  onTick({ at, price }: { readonly at: number; readonly price: Cents }): void {
    if (this.#price === null) this.#beganAt = at;
    if (price !== this.#price) this.#moves.push((this.#movedAt = at));
    this.#price = price;
    while ((this.#moves[0] ?? Infinity) < at - MINUTE_MS) this.#moves.shift();
    const second = Math.floor(at / 1000);
    if (second === this.#second) return;
    this.#second = second;
    if (at - this.#beganAt <= MINUTE_MS) return;
    this.#isKnown = true;
    this.#lately.add(this.#moves.length);
    this.#usual.add(this.#moves.length);
  }

  /** Time of the last move. */
  get movedAt(): number {
    return this.#movedAt;
  }

  /** Moves in the last minute; null in the first one. */
  get lastMinute(): number | null {
    return this.#isKnown ? this.#moves.length : null;
  }

  /** Those of the last minute over their mean of the last hours; 1 before there is one. */
  get overUsual(): number {
    return this.#usual.mean === 0 ? 1 : this.#moves.length / this.#usual.mean;
  }

  get isSparse(): boolean {
    return this.lastMinute !== null && this.#lately.mean < MOVES_PER_MINUTE_SPARSE;
  }
}
