import { expect, test } from 'bun:test';
import { Chance } from '../../../scripts/replay-market/chance.ts';
import { STAGES, UNCORRECTED } from './corrections.ts';
import { PRIOR_CORRECTIONS } from './prior.ts';
import { LEARNED_BLOCKS, learnedAfter, PRIOR, type Lesson } from './learned-after.ts';
import { Learner, PROBABILITY_ONE } from './learner.ts';

const chance = new Chance(17);
const lesson = (block: number, simulated = false): Lesson => ({
  block,
  simulated,
  boards: { windows: [5_000] },
  evidence: [
    { key: 2, cells: 400, quoted: 370_000_000 + chance.below(1_000), paid: 36_000 + chance.below(2_000) },
  ],
  learned: STAGES.map(({ classes }) =>
    Array.from({ length: classes }, () => ({
      touched: chance.below(30) * PROBABILITY_ONE,
      expected: chance.below(30_000_000),
    })),
  ),
});

test('what a block leaves is what a learner knows that has seen all of them, those that are not there too', () => {
  const lessons = [1, 2, 3, 6, 7, 12].map((number) => lesson(1_000 + number));
  const learner = new Learner(PRIOR_CORRECTIONS, 5_000);
  for (let block = 1_001; block <= 1_012; block++) {
    const seen = lessons.find((one) => one.block === block);
    if (seen === undefined) learner.endBlock();
    else learner.restore(seen.learned);
  }
  const { version, boards } = learnedAfter(lessons.at(-1)!, lessons);
  const { corrections } = boards[0]!;
  expect([version, boards.length, boards[0]!.version]).toEqual([1_012, 1, 1_012]);
  expect(corrections).toEqual(learner.corrections());
  expect(corrections).not.toEqual(PRIOR_CORRECTIONS);
});

test('only the last seven days of the same kind of prices count, and nothing that comes later', () => {
  const newest = lesson(10_000);
  const own = [lesson(10_001 - LEARNED_BLOCKS), lesson(9_500), newest];
  const others = [lesson(10_000 - LEARNED_BLOCKS), lesson(9_700, true), lesson(10_001)];
  const all = [...own, ...others].sort((a, b) => a.block - b.block);
  expect(learnedAfter(newest, all)).toEqual(learnedAfter(newest, own));
});

test('a house that has no block yet has the prior', () => {
  expect(PRIOR.version).toBe(0);
  expect(PRIOR.corrections).toEqual(PRIOR_CORRECTIONS);
  expect(PRIOR.corrections).not.toEqual(UNCORRECTED);
});
