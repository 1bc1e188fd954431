import { MOVE_MS, type Drift } from '../../../server/game/learned/cell-class.ts';
import { RangeVolatility } from '../../../server/game/learned/range-volatility.ts';
import { MoveRate } from '../../../server/game/move-rate.ts';
import { CALM, moodAfter, type MarketMood } from '../../../server/game/market-mood.ts';
import type { Cents } from '../../../server/game/price.ts';
import type { Tick } from '../../../server/game/tick.ts';
import { RETURN_GAP_MS_MAX, VolatilityEstimator, type Volatility } from '../../../server/game/volatility.ts';

/** What the ticks so far say of the market. */
export class MarketState {
  readonly #volatility = new VolatilityEstimator();
  readonly #range = new RangeVolatility();
  readonly #moveRate = new MoveRate();
  /** Of the last {@link MOVE_MS}, and the newest one from before, since the last gap. */
  readonly #recent: Tick[] = [];
  #mood: MarketMood = CALM;
  #snapshot: Volatility = this.#volatility.snapshot();
  #last: Tick | null = null;

  onTick(tick: Tick): void {
    if (this.#last === null || tick.at - this.#last.at > RETURN_GAP_MS_MAX) this.#recent.length = 0;
    this.#moveRate.onTick(tick);
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

  /** How often the price moves. */
  get moveRate(): MoveRate {
    return this.#moveRate;
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
}
