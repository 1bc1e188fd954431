import { earnedBy } from './earned.ts';
import { GATE_MS, type BucketTerms } from './gate.ts';
import { BLOCK_MS, Learner } from './learner.ts';
import type { LearnedBoards, LearnedVersion } from './learned-quote.ts';
import { PRIOR_CORRECTIONS } from './prior.ts';
import { evidenceOf, learnedOf } from './shadow-sums.ts';
import type { ShadowBlock } from './shadow-watch.ts';

/** Blocks that are looked back over. */
export const LEARNED_BLOCKS = GATE_MS / BLOCK_MS;
/** Half widths are known to so much of a stake, and are no more than all of it. */
const HALF_WIDTH_STEP = 10_000;

/** What is read of a block. */
export type Lesson = Pick<ShadowBlock, 'block' | 'simulated' | 'learned' | 'evidence'> & {
  readonly boards: Pick<ShadowBlock['boards'], 'windows'>;
};

/** What has to be kept of a block. */
export const lessonOf = ({ block, simulated, boards: { windows }, learned, evidence }: Lesson): Lesson => ({
  block,
  simulated,
  boards: { windows },
  learned,
  evidence,
});

/**
 * What the blocks of seven days up to this one have taught, of the same kind of prices: a function of their
 * rows and of the prior alone. In blocks that have no row nothing was seen, and what was learned fades all
 * the same.
 * @param blocks in the order of their numbers, this one the last of those that count.
 */
export function learnedAfter(
  { block, simulated, boards: { windows } }: Omit<Lesson, 'learned' | 'evidence'>,
  blocks: readonly Lesson[],
): LearnedBoards {
  const own = blocks.filter(
    (one) => one.simulated === simulated && one.block <= block && one.block > block - LEARNED_BLOCKS,
  );
  const boards = windows.map((windowMs) => {
    const isOnly = windows.length === 1;
    const lessons = own.flatMap((lesson) => lessonOfBoard(lesson, windowMs, isOnly));
    return boardAfter(block, windowMs, lessons);
  });
  return { version: block, windows, boards };
}

/** What a block teaches about one board. */
type BoardLesson = Pick<Lesson, 'block' | 'learned' | 'evidence'>;

/**
 * Index in a block of the board with such windows, -1 where it has none.
 * @param isOnly of a house of one board every block of one board counts, however long its windows were.
 */
export const indexOfBoard = (windows: readonly number[], windowMs: number, isOnly: boolean): number =>
  isOnly && windows.length === 1 ? 0 : windows.indexOf(windowMs);

function lessonOfBoard(
  { block, boards: { windows }, learned, evidence }: Lesson,
  windowMs: number,
  isOnly: boolean,
): BoardLesson[] {
  const board = indexOfBoard(windows, windowMs, isOnly);
  return board < 0
    ? []
    : [{ block, learned: learnedOf(learned, board), evidence: evidenceOf(evidence, board) }];
}

function boardAfter(block: number, windowMs: number, own: readonly BoardLesson[]): LearnedVersion {
  const learner = new Learner(PRIOR_CORRECTIONS, windowMs);
  let next = own[0]?.block ?? block;
  for (const lesson of own) {
    // An empty block fades what was learned.
    for (; next < lesson.block; next++) learner.endBlock();
    learner.restore(lesson.learned);
    next = lesson.block + 1;
  }
  for (; next <= block; next++) learner.endBlock();
  return { version: block, corrections: learner.corrections(), buckets: bucketsBy(own) };
}

const bucketsBy = (blocks: readonly BoardLesson[]): BucketTerms[] =>
  earnedBy(blocks, BLOCK_MS).map(({ trust, halfWidth }) => ({
    trust,
    halfWidth: Math.min(1, Math.ceil(halfWidth * HALF_WIDTH_STEP) / HALF_WIDTH_STEP),
  }));

/** Before any block: what other tapes taught, and the nearer buckets open on trust at the widest margins. */
export const PRIOR: LearnedVersion = {
  version: 0,
  corrections: PRIOR_CORRECTIONS,
  buckets: bucketsBy([]),
};
