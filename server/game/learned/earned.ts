import type { Kept } from './block-mean.ts';
import { GATE_BUCKETS, trustOf } from './gate.ts';
import { PROBABILITY_ONE } from './learner.ts';
import type { BucketTerms } from './sale.ts';
import type { ReturnSums, ShadowSums } from './shadow-sums.ts';

const STANDARD_DEVIATIONS = 1.96;

/**
 * Quoted, realised, d and h of sums by block, as {@link Kept} has them of single cells.
 * @param blocks those of one block each: the cells of a block ride one path, so that it counts once.
 * @returns null without a cell.
 */
export function keptOf(blocks: Iterable<readonly ReturnSums[]>): Kept | null {
  let [cells, quoted, realised, square] = [0, 0, 0, 0];
  for (const sums of blocks) {
    const before = realised - quoted;
    for (const one of sums) {
      cells += one.cells;
      quoted += one.quoted / PROBABILITY_ONE;
      realised += one.paid / 100;
    }
    square += (realised - quoted - before) ** 2;
  }
  if (cells === 0) return null;
  return {
    cells,
    quoted: quoted / cells,
    realised: realised / cells,
    d: (realised - quoted) / cells,
    h: (STANDARD_DEVIATIONS * Math.sqrt(square)) / cells,
  };
}

/** What one bucket has earned, and by what. */
export interface EarnedBucket extends BucketTerms {
  readonly label: string;
  /** At ordinary margins, of all cells that would be in it; null without one. */
  readonly evidence: Kept | null;
}

/**
 * What each bucket of the gate has earned by the blocks of the last seven days.
 * @param blockMs length of a block.
 */
export const earnedBy = (
  blocks: readonly Pick<ShadowSums, 'evidence'>[],
  blockMs: number,
): readonly EarnedBucket[] =>
  GATE_BUCKETS.map(({ label }, bucket) => {
    const own = blocks.map(({ evidence }) => evidence.filter(({ key }) => key === bucket));
    const evidence = keptOf(own);
    const evidenceMs = own.filter((sums) => sums.length > 0).length * blockMs;
    return {
      label,
      evidence,
      trust: trustOf(bucket, evidence, evidenceMs),
      halfWidth: evidence?.h ?? Infinity,
    };
  });
