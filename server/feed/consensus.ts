import type { Cents } from '../game/price.ts';
import { medianOf, type TickSource } from '../game/tick.ts';

export interface ConsensusOptions {
  /** A venue further than this share of the median from the median is an outlier. */
  readonly outlierShare: number;
  /** Venues that must be left after the outliers are dropped. */
  readonly quorum: number;
}

export const CONSENSUS_DEFAULTS: ConsensusOptions = { outlierShare: 0.005, quorum: 2 };

export interface Consensus {
  /** Median of `sources`, half a cent cut down. */
  readonly price: Cents;
  /** The venues that count, in the order they came in. */
  readonly sources: readonly TickSource[];
  readonly outliers: readonly TickSource[];
  /** Highest minus lowest of `sources`, in cents: how far apart the venues are. */
  readonly spreadCents: number;
}

/**
 * One price of several venues: the median of all, without those that are more than `outlierShare` away from
 * it, then the median of the rest.
 * @param quotes at most one per venue, alive ones only
 * @returns null when fewer than `quorum` venues are left; nothing at all is never a quorum.
 */
export function consensusOf(
  quotes: readonly TickSource[],
  options: ConsensusOptions = CONSENSUS_DEFAULTS,
): Consensus | null {
  const quorum = Math.max(1, options.quorum);
  if (quotes.length < quorum) return null;
  const median = medianOf(quotes.map(({ price }) => price));
  const isOutlier = ({ price }: TickSource): boolean =>
    Math.abs(price - median) > median * options.outlierShare;
  const sources = quotes.filter((quote) => !isOutlier(quote));
  if (sources.length < quorum) return null;
  const prices = sources.map(({ price }) => price);
  return {
    price: medianOf(prices),
    sources,
    outliers: quotes.filter(isOutlier),
    spreadCents: Math.max(...prices) - Math.min(...prices),
  };
}
