import {
  corrected,
  type CorrectedProbability,
  type Corrections,
} from '../../../server/game/learned/corrections.ts';
import { sideOf, type Drift } from '../../../server/game/learned/cell-class.ts';
import { lawOf, scaleOf } from '../../../server/game/learned/touch-law.ts';
import { ORDINARY, quote, type QuoteInputs } from '../../../server/game/odds.ts';
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
  (leadMs) => {
    const law = lawOf(scaleBp, leadMs, windowMs);
    return (low, high) => {
      const side = sideOf(spot, low, high, drift);
      const traits = { side, leadMs, heightBp: ((high - low) / spot) * 10_000, scaleBp };
      return corrected(law(spot, low, high), traits, corrections);
    };
  };

/** Model 1, as the engine quotes it. */
export function formulaPricer(state: MarketState, spot: Cents, windowMs: number, tickMs: number): Pricer {
  const { v10, vf, cw } = state.snapshot;
  const inputs: QuoteInputs = { model: 1, spot, v10, vf, cw, ...ORDINARY, haircut: 0, tickMs };
  return (leadMs) => (low, high) => {
    const { probability } = quote(inputs, low, high, leadMs, windowMs);
    return { stages: [], probability };
  };
}
