import { Ewma } from '../../../server/game/ewma.ts';
import { MOVE_MS, type Drift } from '../../../server/game/learned/cell-class.ts';
import { RangeVolatility } from '../../../server/game/learned/range-volatility.ts';
import { CALM, moodAfter, type MarketMood } from '../../../server/game/market-mood.ts';
import type { Cents } from '../../../server/game/price.ts';
import type { Tick } from '../../../server/game/tick.ts';
import { RETURN_GAP_MS_MAX, VolatilityEstimator, type Volatility } from '../../../server/game/volatility.ts';

const MINUTE_MS = 60_000;
/** Half-lives in seconds of the two means of the moves a minute. */
const HALF_HOUR = 1800;
const USUAL_HALF_LIFE = 6 * 3600;
/**
 * A tape whose price moves less often than this, as a mean over the last half hour, is too sparse for the
 * model: nobody knows where a price that nobody traded at has been.
 */
export const SPARSE_MOVES_PER_MINUTE = 20;

/** What the ticks so far say of the market. */
export class MarketState {
  readonly #volatility = new VolatilityEstimator();
  readonly #range = new RangeVolatility();
  readonly #lately = new Ewma(HALF_HOUR);
  readonly #usual = new Ewma(USUAL_HALF_LIFE);
  readonly #moves: number[] = [];
  /** Of the last {@link MOVE_MS}, and the newest one from before, since the last gap. */
  readonly #recent: Tick[] = [];
  #mood: MarketMood = CALM;
  #snapshot: Volatility = this.#volatility.snapshot();
  #last: Tick | null = null;
  #beganAt = 0;
  #second = 0;

  onTick(tick: Tick): void {
    if (this.#last === null) this.#beganAt = tick.at;
    if (this.#last === null || tick.at - this.#last.at > RETURN_GAP_MS_MAX) this.#recent.length = 0;
    this.#countMoves(tick);
    this.#recent.push(tick);
    while ((this.#recent[1]?.at ?? Infinity) <= tick.at - MOVE_MS) this.#recent.shift();
    this.#last = tick;
    this.#volatility.onTick(tick);
    this.#range.onTick(tick);
    this.#snapshot = this.#volatility.snapshot();
    this.#mood = moodAfter(this.#mood, this.#snapshot, tick.at);
  }

  get snapshot(): Volatility {
    return this.#snapshot;
  }

  get mood(): MarketMood {
    return this.#mood;
  }

  /** ρ in bp per √s. */
  get rangeBp(): number {
    return this.#range.rangeBp;
  }

  /** Moves of the price in the last minute. */
  get movesPerMinute(): number {
    return this.#moves.length;
  }

  /** Those over their mean of the last hours; 1 before there is one. */
  get moveRate(): number {
    return this.#usual.mean === 0 ? 1 : this.#moves.length / this.#usual.mean;
  }

  get isSparse(): boolean {
    return this.#lately.mean < SPARSE_MOVES_PER_MINUTE;
  }

  get drift(): Drift {
    const [first] = this.#recent;
    if (first === undefined || this.#last === null || first.at > this.#last.at - MOVE_MS) return 0;
    return Math.sign(this.#last.price - first.price) as Drift;
  }

  /** Price of the newest tick. @throws TypeError before there is one. */
  get spot(): Cents {
    return this.#last!.price;
  }

  #countMoves({ at, price }: Tick): void {
    if (price !== this.#last?.price) this.#moves.push(at);
    while ((this.#moves[0] ?? Infinity) < at - MINUTE_MS) this.#moves.shift();
    const second = Math.floor(at / 1000);
    if (second === this.#second) return;
    this.#second = second;
    if (at - this.#beganAt <= MINUTE_MS) return;
    this.#lately.add(this.#moves.length);
    this.#usual.add(this.#moves.length);
  }
}
