import { Ewma } from './ewma.ts';
import { logRatioBp } from './log-price.ts';
import { exp } from './normal.ts';
import type { Cents } from './price.ts';
import { RollingMedian } from './rolling-median.ts';

export interface Volatility {
  /** Variance of the log price per second at a 10 s lag, bp²; what V1 and Vw are made of. */
  readonly v10: number;
  /** Fast component, bp² per second. */
  readonly vf: number;
  /** Share of v10 that moves a price inside a 5 s window, [0.3, 1]. */
  readonly cw: number;
  readonly warm: boolean;
  /** √v10, bp per √s. */
  readonly sigma: number;
  /**
   * The larger of the last 1-s move of the grid and the move since the last whole second, in sigma. Never
   * negative.
   */
  readonly shock: number;
  /** √(EWMA3 of 1-s squared moves / v10): volatility of the last seconds over the estimate. */
  readonly fastSlow: number;
}

export interface VolatilityOptions {
  /** Least volatility while not warm, bp per √s. */
  readonly priorBp?: number;
  /**
   * Known volatility of a synthetic driftless walk, bp per √s: taken at its word (v10 = its square, vf = 0,
   * cw = 1), warm at once.
   */
  readonly declaredBp?: number | undefined;
}

const PRIOR_BP = 1;
export const WARM_SECONDS = 1800;
/** Ticks further apart than this have no return between them. */
export const RETURN_GAP_MS_MAX = 3000;
/** After a gap of this length the estimate is cold again; cw and the median are kept. */
export const MEMORY_GAP_MS_MAX = 1_800_000;
const WINDOW_SHARE_START = 0.65;
const WINDOW_SHARE_MIN = 0.3;
const WINDOW_SHARE_MAX = 1;
const FLOOR_SHARE_OF_MEDIAN = 0.3;
const MEDIAN_MINUTES = 1440;

const LAG_SECONDS = 10;
const RANGE_SECONDS = 5;
const RANGE_HALF_LIFE_SECONDS = 6 * 3600;
const RANGE_KEEP = exp((-Math.LN2 * RANGE_SECONDS) / RANGE_HALF_LIFE_SECONDS);

/**
 * Volatility of the oracle's own ticks. All of it is a function of the ticks in their order.
 *
 * - Grid: the price at whole second t is that of the last tick at or before it (of several in that very
 *   millisecond the first). It is known,
 *   and all below advances, with the first tick at or after t. mₖ(t) = 10⁴·ln(price(t) / price(t − k)) bp.
 * - Raw = 0.3·E60 + 0.5·E300 + 0.2·E1800, E_h the {@link Ewma} of half-life h of m₁₀² / 10, one sample a
 *   second.
 * - v10 = max(raw, (0.3·median)²), median the lower one of √raw at the last 1440 whole minutes that were
 *   warm. Not warm: max(raw, prior²).
 * - vf = ½·max(0, E3 of m₁² − v10).
 * - cw starts at 0.65; after each whole [5k, 5k + 5) s that began warm it is kept to 2^(−5 s / 6 h) and takes
 *   the rest from
 *   (π/8)·range² / (5·v10): range = 10⁴·ln(highest / lowest) of that interval's ticks and the price carried
 * into it, v10 as it was when the
 *   interval began. Clamped to [0.3, 1] where it is read, not where it is kept.
 * - Warm after 1800 grid seconds. Ticks more than 3 s apart: no grid seconds, returns or range between them.
 *   More than 30 min: cold again.
 */
export class VolatilityEstimator {
  readonly #prior: number;
  readonly #declared: number | undefined;
  readonly #minute = new Ewma(60);
  readonly #fiveMinutes = new Ewma(300);
  readonly #halfHour = new Ewma(1800);
  readonly #fast = new Ewma(3);
  readonly #median = new RollingMedian(MEDIAN_MINUTES);
  /** Prices of the last eleven grid seconds since the last gap, second n of them at n mod 11. */
  readonly #grid: Cents[] = new Array(LAG_SECONDS + 1);
  #gridLength = 0;
  #nextSecond = 0;
  #secondsSeen = 0;
  #lastAt = -Infinity;
  #lastPrice = 0 as Cents;
  #lastMove = 0;
  #raw = 0;
  #windowShare = WINDOW_SHARE_START;
  #interval: { readonly v10: number; high: Cents; low: Cents } | null = null;

  /** @throws RangeError when a volatility is not positive. */
  constructor({ priorBp = PRIOR_BP, declaredBp }: VolatilityOptions = {}) {
    for (const bp of [priorBp, declaredBp ?? 1])
      if (!(bp > 0 && bp < Infinity)) throw new RangeError(`not a volatility in bp: ${bp}`);
    this.#prior = priorBp * priorBp;
    this.#declared = declaredBp === undefined ? undefined : declaredBp * declaredBp;
  }

  /** Takes the next tick; one that goes back in time is left out. Constant work per tick and per second. */
  onTick({ at, price }: { readonly at: number; readonly price: Cents }): void {
    if (at < this.#lastAt) return;
    if (at - this.#lastAt > RETURN_GAP_MS_MAX) this.#startOver(at);
    for (; this.#nextSecond * 1000 <= at; this.#nextSecond++)
      this.#close(this.#nextSecond, this.#nextSecond * 1000 === at ? price : this.#lastPrice);
    if (this.#interval !== null) {
      if (price > this.#interval.high) this.#interval.high = price;
      if (price < this.#interval.low) this.#interval.low = price;
    }
    this.#lastAt = at;
    this.#lastPrice = price;
  }

  get warm(): boolean {
    return this.#isWarm();
  }

  /** Whether the volatility is that of a synthetic walk, taken at its word. */
  get declared(): boolean {
    return this.#declared !== undefined;
  }

  snapshot(): Volatility {
    const v10 = this.#v10();
    const sigma = Math.sqrt(v10);
    const fast = this.#fast.mean;
    const move = Math.max(Math.abs(this.#lastMove), Math.abs(this.#moveSinceSecond()));
    return {
      v10,
      vf: this.#declared === undefined ? 0.5 * Math.max(0, fast - v10) : 0,
      cw:
        this.#declared === undefined
          ? Math.min(WINDOW_SHARE_MAX, Math.max(WINDOW_SHARE_MIN, this.#windowShare))
          : 1,
      warm: this.#isWarm(),
      sigma,
      shock: move === 0 ? 0 : move / sigma,
      fastSlow: fast === 0 ? 0 : Math.sqrt(fast / v10),
    };
  }

  #v10(): number {
    if (this.#declared !== undefined) return this.#declared;
    if (!this.#isWarm()) return Math.max(this.#raw, this.#prior);
    const floor = FLOOR_SHARE_OF_MEDIAN * this.#median.median;
    return Math.max(this.#raw, floor * floor);
  }

  #isWarm(): boolean {
    return this.#declared !== undefined || this.#secondsSeen >= WARM_SECONDS;
  }

  #moveSinceSecond(): number {
    return this.#gridLength === 0 ? 0 : logRatioBp(this.#gridPrice(1), this.#lastPrice);
  }

  #startOver(at: number): void {
    this.#nextSecond = Math.ceil(at / 1000);
    this.#gridLength = 0;
    this.#lastMove = 0;
    this.#interval = null;
    if (at - this.#lastAt <= MEMORY_GAP_MS_MAX) return;
    for (const ewma of [this.#minute, this.#fiveMinutes, this.#halfHour, this.#fast]) ewma.reset();
    this.#raw = 0;
    this.#secondsSeen = 0;
  }

  /** Second `second` is over at `price`. */
  #close(second: number, price: Cents): void {
    this.#secondsSeen++;
    if (this.#gridLength >= 1) {
      this.#lastMove = logRatioBp(this.#gridPrice(1), price);
      this.#fast.add(this.#lastMove * this.#lastMove);
    }
    if (this.#gridLength >= LAG_SECONDS) this.#takeMove(logRatioBp(this.#gridPrice(LAG_SECONDS), price));
    this.#grid[this.#gridLength % (LAG_SECONDS + 1)] = price;
    this.#gridLength++;
    if (second % 60 === 0 && this.#isWarm() && this.#raw > 0) this.#median.add(Math.sqrt(this.#raw));
    if (second % RANGE_SECONDS === 0) this.#turnInterval(price);
  }

  /** Price `secondsBack` before the next grid second. */
  #gridPrice(secondsBack: number): Cents {
    return this.#grid[(this.#gridLength - secondsBack) % (LAG_SECONDS + 1)]!;
  }

  #takeMove(move: number): void {
    const variance = (move * move) / LAG_SECONDS;
    this.#minute.add(variance);
    this.#fiveMinutes.add(variance);
    this.#halfHour.add(variance);
    this.#raw = 0.3 * this.#minute.mean + 0.5 * this.#fiveMinutes.mean + 0.2 * this.#halfHour.mean;
  }

  #turnInterval(price: Cents): void {
    if (this.#interval !== null && this.#interval.v10 > 0) {
      const range = logRatioBp(this.#interval.low, this.#interval.high);
      const share = ((Math.PI / 8) * range * range) / (RANGE_SECONDS * this.#interval.v10);
      this.#windowShare = RANGE_KEEP * this.#windowShare + (1 - RANGE_KEEP) * share;
    }
    this.#interval = this.#isWarm() ? { v10: this.#v10(), high: price, low: price } : null;
  }
}
