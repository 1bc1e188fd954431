import type { Currency } from '../game/money.ts';
import { BUCKET_EDGES } from '../game/returns.ts';
import type { BucketReturn } from '../ports/books.ts';
import { allCellsOf } from './all-cells.ts';
import type { HttpDeps } from './deps.ts';
import { promisedBy } from './promised.ts';

/** Two-sided 95 % of the normal distribution. */
const Z95 = 1.959964;
/** What the interval assumes. */
export const CONFIDENCE =
  'realised ± 1.96 × standard error, normal approximation, treating per-bet returns as independent; bets ' +
  'on one price path are not, so the true interval is wider';

/** The figures of one currency: what the API answers and a page shows. */
export function fairnessOf(
  { house, books }: Pick<HttpDeps, 'house' | 'books'>,
  currency: Currency,
  now: number,
) {
  const promised = promisedBy((house.board()?.revision ?? books.lastRevision())?.inputs);
  const { accepted, refusals, latency } = house.counters();
  const { count: measured, p50, p95, p99 } = latency;
  return {
    at: now,
    currency,
    simulated: house.simulated,
    buckets: books.returnsByBucket(currency, BUCKET_EDGES).map((bucket) => ({
      from: bucket.from,
      to: bucket.to,
      bets: bucket.bets,
      staked: bucket.staked,
      paid: bucket.paid,
      ...realisedOf(bucket),
      quoted: meanQuoted(books.returnsByBucket(currency, slicesOf(bucket)), bucket, promised),
    })),
    confidence: CONFIDENCE,
    allCells: allCellsOf(books, house.simulated),
    headStarts: house.headStarts(),
    voids: books.voidsByReason(currency),
    refusals,
    accepted,
    latency: { count: measured, p50: p50 || 0, p95: p95 || 0, p99: p99 || 0 },
  };
}

/**
 * Mean of payout / stake over the bets, and mean ± 1.96·s/√n with s² the unbiased variance; no interval for
 * fewer than two bets.
 */
export function realisedOf({
  bets,
  returns,
  returnSquares,
}: Pick<BucketReturn, 'bets' | 'returns' | 'returnSquares'>) {
  if (bets === 0) return { realised: null, low: null, high: null };
  const realised = returns / bets;
  if (bets === 1) return { realised, low: null, high: null };
  const variance = Math.max(0, (returnSquares - bets * realised * realised) / (bets - 1));
  const half = Z95 * Math.sqrt(variance / bets);
  return { realised, low: realised - half, high: realised + half };
}

/**
 * Slices of a bucket, in hundredths: the quoted return is linear in the multiplier, so the middle of a slice
 * stands for its bets within 0.002.
 */
const SLICE = 100;

const slicesOf = ({ from, to }: Pick<BucketReturn, 'from' | 'to'>): number[] => [
  ...Array.from({ length: Math.ceil((to - from) / SLICE) }, (_, index) => from + index * SLICE),
  to,
];

function meanQuoted(
  slices: readonly Pick<BucketReturn, 'from' | 'to' | 'bets'>[],
  { from, to }: Pick<BucketReturn, 'from' | 'to'>,
  promised: (multiplier: number) => number,
): number {
  const bets = slices.reduce((sum, slice) => sum + slice.bets, 0);
  if (bets === 0) return promised((from + to - 1) / 2);
  return (
    slices.reduce((sum, slice) => sum + slice.bets * promised((slice.from + slice.to - 1) / 2), 0) / bets
  );
}
