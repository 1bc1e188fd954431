import { STAGES, UNCORRECTED, type Corrections } from './corrections.ts';
import written from './prior.json';

/**
 * What a recording of a real market taught model 2 that began with the law alone: figures, no prices.
 * `scripts/write-prior.ts` writes them.
 */
export interface PriorTape {
  readonly name: string;
  /** Tapes of one market count as one. */
  readonly market: string;
  /** Where its prices came from, and by what licence. */
  readonly source: string;
  /** SHA-256 of the recording as text, uncompressed. */
  readonly sha256: string;
  /** Times of its first and its last price, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Mean of the corrections at the ends of all its blocks. */
  readonly factors: Corrections;
}

export const PRIOR_TAPES: readonly PriorTape[] = written.tapes;

/** What a house begins with: the mean of the markets, each of which is the mean of its tapes. */
export function priorOf(tapes: readonly PriorTape[]): Corrections {
  const markets = Map.groupBy(tapes, ({ market }) => market);
  return meanOf([...markets.values()].map((own) => meanOf(own.map(({ factors }) => factors))));
}

/** The tapes that hold no price of that time, epoch ms: what is measured there is out of their sample. */
export const tapesApartFrom = (from: number, to: number): PriorTape[] =>
  PRIOR_TAPES.filter((tape) => tape.to < from || tape.from > to);

/** To the nearest whole number, a half upwards; the law alone where there is nothing. */
export const meanOf = (list: readonly Corrections[]): Corrections =>
  list.length === 0
    ? UNCORRECTED
    : STAGES.map(({ classes }, stage) =>
        Array.from({ length: classes }, (_, index) => {
          const sum = list.reduce((total, factors) => total + (factors[stage]?.[index] ?? 0), 0);
          return Math.floor(sum / list.length + 0.5);
        }),
      );

/** It is part of model 2: receipts recompute by it, so another prior is another model. */
export const PRIOR_CORRECTIONS: Corrections = priorOf(PRIOR_TAPES);
