import type { Drift } from '../../../server/game/learned/cell-class.ts';
import { LastMove } from '../../../server/game/learned/last-move.ts';
import { RangeVolatility } from '../../../server/game/learned/range-volatility.ts';
import { MoveRate } from '../../../server/game/move-rate.ts';
import { CALM, moodAfter, type MarketMood } from '../../../server/game/market-mood.ts';
import type { Cents } from '../../../server/game/price.ts';
import type { Tick } from '../../../server/game/tick.ts';
import { VolatilityEstimator, type Volatility } from '../../../server/game/volatility.ts';

/** What the ticks so far say of the market. */
export class MarketState {
  readonly #volatility = new VolatilityEstimator();
  readonly #range = new RangeVolatility();
  readonly #moveRate = new MoveRate();
  readonly #lastMove = new LastMove();
  #mood: MarketMood = CALM;
  #snapshot: Volatility = this.#volatility.snapshot();
  #last: Tick | null = null;

  onTick(tick: Tick): void {
    this.#moveRate.onTick(tick);
    this.#lastMove.onTick(tick);
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
    return this.#lastMove.drift;
  }

  /** Price of the newest tick. @throws TypeError before there is one. */
  get spot(): Cents {
    return this.#last!.price;
  }
}
