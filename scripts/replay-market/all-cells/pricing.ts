import type { CorrectedProbability, Corrections } from '../../../server/game/learned/corrections.ts';
import type { Drift } from '../../../server/game/learned/cell-class.ts';
import { learnedPricer as pricerOf } from '../../../server/game/learned/learned-quote.ts';
import { scaleOf } from '../../../server/game/learned/touch-law.ts';
import { ORDINARY } from '../../../server/game/formula.ts';
import { quote, type QuoteInputs } from '../../../server/game/odds.ts';
import type { Cents } from '../../../server/game/price.ts';
import type { MarketState } from './market-state.ts';

/** Probability of each band of a column at one moment and spot. */
export type Pricer = (leadMs: number) => (low: Cents, high: Cents) => CorrectedProbability;

/** What a pricer of model 2 goes by besides the spot. */
export interface Learned {
  readonly scaleBp: number;
  readonly drift: Drift;
  readonly corrections: Corrections;
}

export const learnedOf = (state: MarketState, corrections: Corrections): Learned => ({
  scaleBp: scaleOf(state.rangeBp, state.snapshot.sigma),
  drift: state.drift,
  corrections,
});

/** Model 2: the law of touch by ranges, with what was learned. */
export const learnedPricer =
  ({ scaleBp, drift, corrections }: Learned, spot: Cents, windowMs: number): Pricer =>
  (leadMs) =>
    pricerOf({ spot, scaleBp, drift, learned: { corrections } }, leadMs, windowMs);

/** Model 1, as the engine quotes it. */
export function formulaPricer(state: MarketState, spot: Cents, windowMs: number, tickMs: number): Pricer {
  const { v10, vf, cw } = state.snapshot;
  const inputs: QuoteInputs = { model: 1, spot, v10, vf, cw, ...ORDINARY, haircut: 0, tickMs };
  return (leadMs) => (low, high) => quote(inputs, low, high, leadMs, windowMs);
}
