import type { Multiplier } from '../money.ts';
import {
  EDGE,
  FIRST_WEEKS,
  LOCKED_MULTIPLIER_MIN,
  MARGIN,
  MULTIPLIER_MIN,
  ORDINARY,
  priceOf,
} from '../formula.ts';
import type { QuotedTerms } from '../returns.ts';
import { nearestBucket, type BucketTerms } from './gate.ts';

const PROVEN: BucketTerms = { trust: 'certified', halfWidth: 0 };
/** The edge of what is not certified is never wider than by this. */
const WIDENED_BY_MAX = 0.08;

/** The widest margins of a bucket that takes bets. */
export const UNPROVEN_MARGINS: QuotedTerms = { edge: EDGE + WIDENED_BY_MAX, margin: FIRST_WEEKS.margin };

/** From these ratios on it is a burst: of fast to slow volatility, of moves to their usual number. */
export const BURST_FAST_SLOW = 1.5;
const BURST_MOVE_RATE = 1.4;
const BURST_EDGE = 0.05;

/** What a burst adds to the edge: who taps in bursts alone gets more than was quoted. */
export const burstEdge = (fastSlow: number, moveRate: number): number =>
  fastSlow > BURST_FAST_SLOW || moveRate > BURST_MOVE_RATE ? BURST_EDGE : 0;

/** Price in hundredths at ordinary margins, before any limit: by it a cell belongs to its bucket. */
export const ordinaryPrice = (probability: number): number =>
  priceOf(probability, { edge: EDGE, margin: MARGIN, haircut: 0 });

/**
 * Margins of a bucket in ordinary times: what is not certified has those of the first weeks, its edge widened
 * by its own half width.
 */
export const marginsOf = ({ trust, halfWidth }: BucketTerms): QuotedTerms =>
  trust === 'certified'
    ? ORDINARY
    : {
        edge: Math.max(FIRST_WEEKS.edge, EDGE + Math.min(WIDENED_BY_MAX, halfWidth)),
        margin: FIRST_WEEKS.margin,
      };

/** By what a probability becomes a multiplier. */
export interface SaleTerms {
  /** What the buckets have earned, in their order; certified where it is left out. */
  readonly buckets: readonly BucketTerms[];
  /** What fast markets and news add. */
  readonly addedEdge: number;
  /** Share deducted because of liability, [0, 1). */
  readonly haircut: number;
  readonly capHundredths: number;
}

/** The multiplier at which a cell of that probability is for sale; null when it is not. */
export function saleMultiplier(probability: number, terms: SaleTerms): Multiplier | null {
  if (bucketTerms(probability, terms.buckets).trust === 'closed') return null;
  const price = priceUnder(probability, terms);
  return price >= MULTIPLIER_MIN && price <= terms.capHundredths ? (price as Multiplier) : null;
}

/** The multiplier at which a held tap is filled, also of a closed bucket; null: it moved too far. */
export function lockMultiplier(probability: number, terms: SaleTerms): Multiplier | null {
  const price = priceUnder(probability, terms);
  return price < LOCKED_MULTIPLIER_MIN ? null : (Math.min(price, terms.capHundredths) as Multiplier);
}

const bucketTerms = (probability: number, buckets: readonly BucketTerms[]): BucketTerms =>
  buckets[nearestBucket(ordinaryPrice(probability))] ?? PROVEN;

/** What a cell of that probability is priced by: the trust in its range, and the edge with what is added. */
export function usedMargins(
  probability: number,
  buckets: readonly BucketTerms[],
  addedEdge: number,
): QuotedTerms & Pick<BucketTerms, 'trust'> {
  const bucket = bucketTerms(probability, buckets);
  const { edge, margin } = marginsOf(bucket);
  return { trust: bucket.trust, edge: edge + addedEdge, margin };
}

const priceUnder = (probability: number, { buckets, addedEdge, haircut }: SaleTerms): number =>
  priceOf(probability, { ...usedMargins(probability, buckets, addedEdge), haircut });
