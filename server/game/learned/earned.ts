import type { Kept } from './block-mean.ts';
import { EVIDENCE_MS_MIN, GATE_BUCKETS, termsOf, type BucketTerms } from './gate.ts';
import { BLOCK_MS, PROBABILITY_ONE } from './learner.ts';
import type { ReturnSums } from './shadow-sums.ts';
import type { ShadowBlock } from './shadow-watch.ts';

const STANDARD_DEVIATIONS = 1.96;

/** Sums of one block. */
interface BlockReturns {
  readonly block: number;
  readonly sums: readonly ReturnSums[];
}

/** {@link Kept} by blocks of five minutes. */
export interface BlocksKept extends Kept {
  /** Blocks that have such a cell: by few of them h may be as small as chance likes. */
  readonly blocks: number;
}

interface Adding {
  cells: number;
  quoted: number;
  realised: number;
  square: number;
  blocks: number;
  /** Of the block that is being added. */
  block: number;
  excess: number;
}

/**
 * Quoted, realised, d and h of sums by block, as {@link Kept} has them of single cells: the cells of a block
 * ride one path, so that it counts once.
 * @param blocks in the order of their numbers.
 * @param groupOf what a sum counts for.
 */
export function keptBy<Group>(
  blocks: Iterable<BlockReturns>,
  groupOf: (sum: ReturnSums, block: number) => Group,
): Map<Group, BlocksKept> {
  const groups = new Map<Group, Adding>();
  for (const { block, sums } of blocks)
    for (const sum of sums) {
      const group = groupOf(sum, block);
      let adding = groups.get(group);
      if (adding === undefined)
        groups.set(
          group,
          (adding = { cells: 0, quoted: 0, realised: 0, square: 0, blocks: 1, block, excess: 0 }),
        );
      add(adding, sum, block);
    }
  return new Map([...groups].map(([group, adding]) => [group, kept(adding)]));
}

function add(adding: Adding, { cells, quoted, paid }: ReturnSums, block: number): void {
  if (adding.block !== block) {
    adding.square += adding.excess ** 2;
    adding.blocks++;
    adding.block = block;
    adding.excess = 0;
  }
  adding.cells += cells;
  adding.quoted += quoted / PROBABILITY_ONE;
  adding.realised += paid / 100;
  adding.excess += paid / 100 - quoted / PROBABILITY_ONE;
}

const kept = ({ cells, quoted, realised, square, blocks, excess }: Adding): BlocksKept => ({
  cells,
  quoted: quoted / cells,
  realised: realised / cells,
  d: (realised - quoted) / cells,
  h: (STANDARD_DEVIATIONS * Math.sqrt(square + excess ** 2)) / cells,
  blocks,
});

/**
 * Half width that may be shown; null by less than two hours of blocks, as the gate has it: by one block it is
 * 1.96·|d| whatever happened.
 */
export const shownHalfWidth = ({ h, blocks }: Pick<BlocksKept, 'h' | 'blocks'>): number | null =>
  blocks * BLOCK_MS < EVIDENCE_MS_MIN ? null : h;

/** What one bucket has earned, and by what. */
export interface EarnedBucket extends BucketTerms {
  readonly label: string;
  /** At ordinary margins, of all cells that would be in it; null without one. */
  readonly evidence: BlocksKept | null;
}

/**
 * What each bucket of the gate has earned by the blocks of the last seven days.
 * @param blockMs length of a block.
 */
export function earnedBy(
  blocks: readonly Pick<ShadowBlock, 'block' | 'evidence'>[],
  blockMs: number,
): readonly EarnedBucket[] {
  const means = keptBy(
    blocks.map(({ block, evidence }) => ({ block, sums: evidence })),
    ({ key }) => key,
  );
  return GATE_BUCKETS.map(({ label }, bucket) => {
    const evidence = means.get(bucket) ?? null;
    const seen = blocks.filter((one) => one.evidence.some(({ key }) => key === bucket)).length;
    return { label, evidence, ...termsOf(bucket, evidence, seen * blockMs) };
  });
}
