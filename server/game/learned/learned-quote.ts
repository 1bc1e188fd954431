import { rowLow, type ColumnRows } from '../grid.ts';
import type { Multiplier } from '../money.ts';
import { EDGE, type CommonInputs, type LockedQuote, type Quote } from '../formula.ts';
import type { Cents } from '../price.ts';
import { sideOf, type Drift } from './cell-class.ts';
import { corrected, type CorrectedProbability, type Corrections } from './corrections.ts';
import type { BucketTerms } from './gate.ts';
import { lockMultiplier, saleMultiplier, type SaleTerms } from './sale.ts';
import { lawOf } from './touch-law.ts';

/** What the shadow book had taught about a board by the end of a block: it never changes. */
export interface LearnedVersion {
  /** Number of that block; 0 is the prior, of before there was one. */
  readonly version: number;
  readonly corrections: Corrections;
  /** In the order of the gate's buckets. */
  readonly buckets: readonly BucketTerms[];
}

/** What the shadow book had taught about each board by the end of a block. */
export interface LearnedBoards {
  /** Number of that block; 0 is the prior. */
  readonly version: number;
  /** Lengths of the windows of its boards, ms, ascending; none of the prior. */
  readonly windows: readonly number[];
  /** In the same order. */
  readonly boards: readonly LearnedVersion[];
}

/** All that a quote of model 2 depends on besides the cell: one set is persisted with every grid revision. */
export interface LearnedInputs extends CommonInputs {
  readonly model: 2;
  /** Scale of the price's moves, bp per √s. */
  readonly scaleBp: number;
  /** Which way the price went last. */
  readonly drift: Drift;
  readonly learned: LearnedVersion;
}

/** What the probability hangs on. */
type PricedBy = Pick<LearnedInputs, 'spot' | 'scaleBp' | 'drift'> & {
  readonly learned: Pick<LearnedVersion, 'corrections'>;
};

type LearnedPricer = (low: Cents, high: Cents) => CorrectedProbability;

/** Probability of each band of one column, with what led to it. Bands from the lowest up cost the least. */
export function learnedPricer(
  { spot, scaleBp, drift, learned }: PricedBy,
  leadMs: number,
  windowMs: number,
): LearnedPricer {
  const law = lawOf(scaleBp, leadMs, windowMs);
  return (low, high) => {
    const side = sideOf(spot, low, high, drift);
    const traits = { side, leadMs, heightBp: ((high - low) / spot) * 10_000, scaleBp };
    return corrected(law(spot, low, high), traits, learned.corrections);
  };
}

/** As `quote` of odds.ts. */
export function learnedQuote(
  inputs: LearnedInputs,
  low: Cents,
  high: Cents,
  leadMs: number,
  windowMs: number,
): Quote & CorrectedProbability {
  const priced = learnedPricer(inputs, leadMs, windowMs)(low, high);
  return { ...priced, multiplier: offered(inputs, priced.probability, leadMs) };
}

/** As `lockQuote` of odds.ts: a bucket that was closed meanwhile locks all the same. */
export function learnedLock(
  inputs: LearnedInputs,
  low: Cents,
  high: Cents,
  leadMs: number,
  windowMs: number,
): LockedQuote {
  const { probability } = learnedPricer(inputs, leadMs, windowMs)(low, high);
  if (leadMs < 0) return { probability, multiplier: null, reason: 'no_revision' };
  const multiplier = lockMultiplier(probability, saleTerms(inputs));
  return { probability, multiplier, reason: multiplier === null ? 'moved' : null };
}

/** As `quoteColumn` of odds.ts. */
export function learnedColumn(
  inputs: LearnedInputs,
  column: ColumnRows,
  rows: number,
  leadMs: number,
  windowMs: number,
): (Multiplier | null)[] {
  const price = learnedPricer(inputs, leadMs, windowMs);
  return Array.from({ length: rows }, (_, row) =>
    offered(inputs, price(rowLow(column, row), rowLow(column, row + 1)).probability, leadMs),
  );
}

const offered = (inputs: LearnedInputs, probability: number, leadMs: number): Multiplier | null =>
  leadMs < 0 ? null : saleMultiplier(probability, saleTerms(inputs));

const saleTerms = ({ learned, edge, haircut, capHundredths }: LearnedInputs): SaleTerms => ({
  buckets: learned.buckets,
  addedEdge: edge - EDGE,
  haircut,
  capHundredths,
});
