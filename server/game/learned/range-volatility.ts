import { Ewma } from '../ewma.ts';
import { logRatioBp } from '../log-price.ts';
import type { Cents } from '../price.ts';
import { MEMORY_GAP_MS_MAX, RETURN_GAP_MS_MAX } from '../volatility.ts';

/** Length of the intervals whose ranges are averaged, aligned to the epoch. */
const INTERVAL_MS = 5_000;
const INTERVAL_SECONDS = INTERVAL_MS / 1000;
/** Half-lives in intervals (15 s, 1 min, 5 min, 30 min), and what each counts for. */
const AVERAGES = [
  { halfLife: 3, weight: 0.2 },
  { halfLife: 12, weight: 0.3 },
  { halfLife: 60, weight: 0.3 },
  { halfLife: 360, weight: 0.2 },
] as const;

interface Interval {
  readonly number: number;
  high: Cents;
  low: Cents;
  /** No silence lies in it so far. */
  whole: boolean;
}

/**
 * How far the price reaches in five seconds, which is what a touch is about: volatility by the range of the
 * oracle's own ticks instead of by their moves. A function of the ticks in their order.
 *
 * - Each whole [5k, 5k + 5) s has the range 10⁴·ln(highest / lowest) of the prices of its path: its ticks,
 *   and the price that was carried into it unless a tick stands at its very beginning.
 * - ρ = (0.2·E₁₅ + 0.3·E₆₀ + 0.3·E₃₀₀ + 0.2·E₁₈₀₀) / √5, E_h the {@link Ewma} of half-life h seconds.
 * - An interval that a silence of more than 3 s lies in, or that began in one, is left out; after 30 min of
 *   silence all begins anew.
 */
export class RangeVolatility {
  readonly #averages = AVERAGES.map(({ halfLife, weight }) => ({ ewma: new Ewma(halfLife), weight }));
  #interval: Interval | null = null;
  #lastAt = -Infinity;
  #lastPrice = 0 as Cents;

  /** Takes the next tick; one that goes back in time is left out. */
  onTick({ at, price }: { readonly at: number; readonly price: Cents }): void {
    if (at < this.#lastAt) return;
    const isJoined = at - this.#lastAt <= RETURN_GAP_MS_MAX;
    if (at - this.#lastAt > MEMORY_GAP_MS_MAX) for (const { ewma } of this.#averages) ewma.reset();
    const number = Math.floor(at / INTERVAL_MS);
    if (this.#interval?.number === number) this.#extend(this.#interval, price, isJoined);
    else this.#turn(number, at, price, isJoined);
    this.#lastAt = at;
    this.#lastPrice = price;
  }

  /** ρ in bp per √s; 0 before the first whole interval is over. */
  get rangeBp(): number {
    let sum = 0;
    for (const { ewma, weight } of this.#averages) sum += weight * ewma.mean;
    return sum / Math.sqrt(INTERVAL_SECONDS);
  }

  #extend(interval: Interval, price: Cents, isJoined: boolean): void {
    if (!isJoined) interval.whole = false;
    if (price > interval.high) interval.high = price;
    if (price < interval.low) interval.low = price;
  }

  #turn(number: number, at: number, price: Cents, isJoined: boolean): void {
    const done = this.#interval;
    if (done?.whole && isJoined)
      for (const { ewma } of this.#averages) ewma.add(logRatioBp(done.low, done.high));
    const beginsHere = at === number * INTERVAL_MS;
    const carried = beginsHere || !isJoined ? price : this.#lastPrice;
    this.#interval = {
      number,
      high: price > carried ? price : carried,
      low: price < carried ? price : carried,
      whole: beginsHere || isJoined,
    };
  }
}
