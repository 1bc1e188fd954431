import type { Multiplier } from '../money.ts';
import {
  EDGE,
  FIRST_WEEKS,
  LOCKED_MULTIPLIER_MIN,
  MARGIN,
  MULTIPLIER_MIN,
  ORDINARY,
  priceOf,
} from '../odds.ts';
import { nearestBucket, type Trust } from './gate.ts';

/** What one bucket has earned. */
export interface BucketTerms {
  readonly trust: Trust;
  /** Half width of what is known of it, a share of a stake; Infinity where nothing is. */
  readonly halfWidth: number;
}

const PROVEN: BucketTerms = { trust: 'certified', halfWidth: 0 };
/** The edge of what is not certified is never wider than by this. */
const WIDENED_BY_MAX = 0.08;

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
 * The multiplier at which a cell of that probability is for sale; null when it is not.
 * @param buckets what the buckets have earned, in their order; certified where it is left out.
 * @param addedEdge what fast markets and news add.
 */
export function saleMultiplier(
  probability: number,
  buckets: readonly BucketTerms[],
  addedEdge: number,
): Multiplier | null {
  const terms = termsOf(probability, buckets);
  if (terms.trust === 'closed') return null;
  const price = priceUnder(probability, terms, addedEdge);
  return price >= MULTIPLIER_MIN && price <= ORDINARY.capHundredths ? (price as Multiplier) : null;
}

/** The multiplier at which a held tap is filled, also of a closed bucket; null: it moved too far. */
export function lockMultiplier(
  probability: number,
  buckets: readonly BucketTerms[],
  addedEdge: number,
): Multiplier | null {
  const price = priceUnder(probability, termsOf(probability, buckets), addedEdge);
  return price < LOCKED_MULTIPLIER_MIN ? null : (Math.min(price, ORDINARY.capHundredths) as Multiplier);
}

const termsOf = (probability: number, buckets: readonly BucketTerms[]): BucketTerms =>
  buckets[nearestBucket(ordinaryPrice(probability))] ?? PROVEN;

/** What is not certified has the margins of the first weeks, its edge widened by its own half width. */
function priceUnder(probability: number, { trust, halfWidth }: BucketTerms, addedEdge: number): number {
  const { edge, margin } =
    trust === 'certified'
      ? ORDINARY
      : {
          edge: Math.max(FIRST_WEEKS.edge, EDGE + Math.min(WIDENED_BY_MAX, halfWidth)),
          margin: FIRST_WEEKS.margin,
        };
  return priceOf(probability, { edge: edge + addedEdge, margin, haircut: 0 });
}
