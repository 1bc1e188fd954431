import { LastMove } from '../game/learned/last-move.ts';
import type { LearnedVersion } from '../game/learned/learned-quote.ts';
import { RangeVolatility } from '../game/learned/range-volatility.ts';
import { burstEdge } from '../game/learned/sale.ts';
import { scaleOf } from '../game/learned/touch-law.ts';
import { FAST_MARKET_EDGE, FIRST_WEEKS, ORDINARY, type CommonInputs } from '../game/formula.ts';
import type { QuoteInputs } from '../game/odds.ts';
import { HEADLINE_CAP, HEADLINE_EDGE } from '../game/headline.ts';
import type { Tick } from '../game/tick.ts';
import type { Volatility } from '../game/volatility.ts';

/**
 * By what a house quotes: `learned` by odds model 2 and what its shadow book has proven, the two others by
 * model 1 with margins that are set by hand.
 */
export type ModelStage = 'first-weeks' | 'calibrated' | 'learned';

/** What the market is like at a tick. */
interface Moment {
  readonly tick: Tick;
  readonly volatility: Volatility;
  readonly isFast: boolean;
  /** Moves of the last minute over their usual number. */
  readonly moveRate: number;
  /** Whether an entry of the news calendar is near. */
  readonly isNews: boolean;
}

/** What the next revision is priced by. A function of the ticks in their order, and of what was learned. */
export class QuoteBasis {
  readonly #range = new RangeVolatility();
  readonly #lastMove = new LastMove();

  constructor(
    private readonly options: { readonly stage: ModelStage; readonly tickMs: number },
    private readonly learned: () => LearnedVersion,
  ) {}

  onTick(tick: Tick): void {
    this.#range.onTick(tick);
    this.#lastMove.onTick(tick);
  }

  inputs(moment: Moment): QuoteInputs {
    const { stage, tickMs } = this.options;
    const { v10, vf, cw, sigma, warm, fastSlow } = moment.volatility;
    const terms = stage === 'first-weeks' || !warm ? FIRST_WEEKS : ORDINARY;
    const fast = moment.isFast ? FAST_MARKET_EDGE : 0;
    const common: CommonInputs = {
      spot: moment.tick.price,
      v10,
      vf,
      cw,
      ...terms,
      edge: terms.edge + fast,
      haircut: 0,
      tickMs,
    };
    if (stage !== 'learned') return { model: 1, ...aroundNews(common, moment.isNews) };
    // Until the estimate is warm, prices may reach as far as the prior says.
    const rangeBp = warm ? this.#range.rangeBp : Math.max(this.#range.rangeBp, sigma);
    const edge = terms.edge + Math.max(fast, burstEdge(fastSlow, moment.moveRate));
    return {
      model: 2,
      ...aroundNews({ ...common, edge, margin: ORDINARY.margin }, moment.isNews),
      scaleBp: scaleOf(rangeBp, sigma),
      drift: this.#lastMove.drift,
      learned: this.learned(),
    };
  }
}

/** Last, so that a verifier adds in the same order. */
const aroundNews = (inputs: CommonInputs, isNews: boolean): CommonInputs =>
  isNews
    ? {
        ...inputs,
        edge: inputs.edge + HEADLINE_EDGE,
        capHundredths: Math.min(inputs.capHundredths, HEADLINE_CAP),
      }
    : inputs;
