import type { Kept } from './block-mean.ts';

/** Buckets by multiplier, hundredths, `[from, to)` each. */
export const GATE_BUCKETS = [
  { label: '1.05–1.5', from: 105, to: 150 },
  { label: '1.5–2.5', from: 150, to: 250 },
  { label: '2.5–5', from: 250, to: 500 },
  { label: '5–10', from: 500, to: 1000 },
  { label: '10–25', from: 1000, to: 2501 },
] as const;

/** Index of the bucket that a multiplier in hundredths is in; -1 outside all. */
export const gateBucket = (hundredths: number): number =>
  GATE_BUCKETS.findIndex(({ from, to }) => hundredths >= from && hundredths < to);

/** Index of the bucket that is nearest to a multiplier. */
export const nearestBucket = (hundredths: number): number =>
  hundredths < GATE_BUCKETS[0].from ? 0 : GATE_BUCKETS.findLastIndex(({ from }) => hundredths >= from);

/**
 * How far a bucket is trusted:
 *
 * - `certified`: it keeps its word; ordinary margins.
 * - `provisional`: not proven yet; margins of the first weeks.
 * - `closed`: not for sale, because it overpays or because nobody knows.
 */
export const TRUSTS = ['certified', 'provisional', 'closed'] as const;
export type Trust = (typeof TRUSTS)[number];

/** What is looked back over. */
export const GATE_MS = 7 * 86_400_000;
/** Shares of a stake. */
const CERTIFIED_WITHIN = 0.05;
const CERTIFIED_HALF_WIDTH = 0.03;
const CLOSED_HALF_WIDTH = 0.08;
/** The same from 10× on, where few touches decide and a mean says less. */
const CLOSED_HALF_WIDTH_FAR = 0.05;
const CLOSED_OVERPAYING = 0.03;
/**
 * Until there is evidence for so long, buckets below 10× are open on trust, and nothing is certified: a half
 * width by few blocks may be as small as chance likes.
 */
export const EVIDENCE_MS_MIN = 7_200_000;
const FIRST_FAR = GATE_BUCKETS.findIndex(({ from }) => from >= 1_000);

/** What one bucket has earned. */
export interface BucketTerms {
  readonly trust: Trust;
  /** Half width of what is known of it, a share of a stake; Infinity where nothing is. */
  readonly halfWidth: number;
}

/**
 * What the last seven days have earned a bucket.
 * @param kept null without a cell.
 * @param evidenceMs time over which there is evidence at all.
 */
export function termsOf(bucket: number, kept: Kept | null, evidenceMs: number): BucketTerms {
  const trust = trustOf(bucket, kept, evidenceMs);
  return { trust, halfWidth: kept === null || evidenceMs < EVIDENCE_MS_MIN ? Infinity : kept.h };
}

function trustOf(bucket: number, kept: Kept | null, evidenceMs: number): Trust {
  const { d, h } = kept ?? { d: 0, h: Infinity };
  const isFar = bucket >= FIRST_FAR;
  if (d - h > CLOSED_OVERPAYING) return 'closed';
  if (evidenceMs < EVIDENCE_MS_MIN) return isFar ? 'closed' : 'provisional';
  if (Math.abs(d) + h <= CERTIFIED_WITHIN && h <= CERTIFIED_HALF_WIDTH) return 'certified';
  return h <= (isFar ? CLOSED_HALF_WIDTH_FAR : CLOSED_HALF_WIDTH) ? 'provisional' : 'closed';
}

/** Why a bucket takes no bets: it pays more than it promises, or what it pays is not known well enough. */
export const CLOSED_BECAUSE = ['overpays', 'unproven'] as const;
export type ClosedBecause = (typeof CLOSED_BECAUSE)[number];

/** Why a bucket of that evidence is closed, if it is. */
export const closedBecause = (kept: Pick<Kept, 'd' | 'h'> | null): ClosedBecause =>
  kept !== null && kept.d - kept.h > CLOSED_OVERPAYING ? 'overpays' : 'unproven';

/** Half width, a share of a stake, up to which the bucket that begins at `from` hundredths may be open. */
export const openHalfWidthMax = (from: number): number =>
  from >= GATE_BUCKETS[FIRST_FAR]!.from ? CLOSED_HALF_WIDTH_FAR : CLOSED_HALF_WIDTH;
