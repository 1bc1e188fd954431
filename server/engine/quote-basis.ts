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

/** What the market is like at a tick. */
interface Moment {
  readonly tick: Tick;
  readonly volatility: Volatility;
  /** Whether that is declared, not estimated. */
  readonly isDeclared: boolean;
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
    private readonly options: { readonly tickMs: number; readonly model?: QuoteInputs['model'] },
    private readonly learned: () => LearnedVersion,
  ) {}

  onTick(tick: Tick): void {
    this.#range.onTick(tick);
    this.#lastMove.onTick(tick);
  }

  inputs({ tick, volatility, isDeclared, isFast, moveRate, isNews }: Moment): QuoteInputs {
    const { v10, vf, cw, sigma, warm, fastSlow } = volatility;
    const terms = warm ? ORDINARY : FIRST_WEEKS;
    const { tickMs, model } = this.options;
    const fast = isFast ? FAST_MARKET_EDGE : 0;
    const common = { spot: tick.price, v10, vf, cw, ...terms, edge: terms.edge + fast, haircut: 0, tickMs };
    if (model === 1) return { model, ...aroundNews(common, isNews) };
    // Until the estimate is warm, prices may reach as far as the prior says.
    const estimate = warm ? this.#range.rangeBp : Math.max(this.#range.rangeBp, sigma);
    const rangeBp = isDeclared ? sigma : estimate;
    const edge = terms.edge + Math.max(fast, burstEdge(fastSlow, moveRate));
    return {
      model: 2,
      ...aroundNews({ ...common, edge, margin: ORDINARY.margin }, isNews),
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
