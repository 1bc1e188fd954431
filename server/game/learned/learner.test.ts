import { describe, expect, test } from 'bun:test';
import { corrected, FACTOR_ONE, STAGES, UNCORRECTED, type CellTraits } from './corrections.ts';
import { Learner } from './learner.ts';

const TRAITS: CellTraits = { side: 2, leadMs: 12_000, heightBp: 2, scaleBp: 1 };
const OTHERS: CellTraits = { side: 0, leadMs: 12_000, heightBp: 2, scaleBp: 1 };
const factorsOf = (learner: Learner, law: number, traits: CellTraits) =>
  corrected(law, traits, UNCORRECTED).stages.map(
    ({ index }, stage) => learner.corrections()[stage]![index]! / FACTOR_ONE,
  );

/** `cells` cells of the law's probability, of which `touched` were touched. */
function teach(learner: Learner, law: number, cells: number, touched: number, traits = TRAITS): void {
  for (let cell = 0; cell < cells; cell++) learner.add(corrected(law, traits, UNCORRECTED), cell < touched);
}

describe('Learner', () => {
  test('knows nothing before the end of a block, and the prior without cells', () => {
    const learner = new Learner(UNCORRECTED, 5_000);
    teach(learner, 0.1, 10_000, 500);
    expect(learner.corrections()).toEqual(UNCORRECTED);
    learner.endBlock();
    expect(learner.corrections()).not.toEqual(UNCORRECTED);
  });

  test.each([
    ['5 s', 5_000, 1],
    ['2 s', 2_000, 1],
    ['15 s', 15_000, 3],
  ])(
    'with windows of %s each stage moves by what its class saw, against that many times 75, 75 and 40 touches',
    (_, windowMs, times) => {
      const learner = new Learner(UNCORRECTED, windowMs);
      // Fading alike: as much as 13 blocks of the same.
      for (let block = 0; block < 40; block++) {
        teach(learner, 0.1, 1_000, 50);
        learner.endBlock();
      }
      const seen = (keep: number) => (100 * (1 - keep ** 40)) / (1 - keep);
      const expected = (keep: number, weight: number) =>
        (seen(keep) / 2 + times * weight) / (seen(keep) + times * weight);
      const [height, lead, bin] = factorsOf(learner, 0.1, TRAITS);
      expect(height).toBeCloseTo(expected(STAGES[0].keep, 75), 4);
      expect(lead).toBeCloseTo(expected(STAGES[1].keep, 75), 4);
      expect(bin).toBeCloseTo(expected(STAGES[2].keep, 40), 4);
      expect(factorsOf(learner, 0.1, OTHERS)).toEqual([1, 1, 1]);
    },
  );

  test('what a single block saw counts for a twelfth beside the prior, that of four for a third', () => {
    const learner = new Learner(UNCORRECTED, 5_000);
    teach(learner, 0.1, 10_000, 500);
    learner.endBlock();
    expect(factorsOf(learner, 0.1, TRAITS)[0]).toBeCloseTo((500 + 12 * 75) / (1_000 + 12 * 75), 4);
    for (let block = 0; block < 3; block++) {
      teach(learner, 0.1, 10_000, 500);
      learner.endBlock();
    }
    const { keep } = STAGES[0];
    const blocks = (1 - keep ** 4) / (1 - keep);
    const weight = (12 / blocks) * 75;
    expect(factorsOf(learner, 0.1, TRAITS)[0]).toBeCloseTo(
      (500 * blocks + weight) / (1_000 * blocks + weight),
      4,
    );
  });

  test('half of what leads and bins saw is gone after an hour, of what heights saw after twelve', () => {
    const learner = new Learner(UNCORRECTED, 5_000);
    teach(learner, 0.2, 10_000, 4_000);
    learner.endBlock();
    for (let block = 0; block < 12; block++) learner.endBlock();
    const [, lead, bin] = factorsOf(learner, 0.2, TRAITS);
    // Half of a block is left, so the prior counts for 24 times as much.
    expect(lead).toBeCloseTo((2_000 + 24 * 75) / (1_000 + 24 * 75), 3);
    expect(bin).toBeCloseTo((2_000 + 24 * 40) / (1_000 + 24 * 40), 3);
    for (let block = 0; block < 132; block++) learner.endBlock();
    expect(factorsOf(learner, 0.2, TRAITS)[0]).toBeCloseTo((2_000 + 24 * 75) / (1_000 + 24 * 75), 3);
  });

  test('factors are whole numbers within 0.4 and 2.5', () => {
    const learner = new Learner(UNCORRECTED, 5_000);
    teach(learner, 0.01, 1_000_000, 0);
    teach(learner, 0.01, 100_000, 100_000, OTHERS);
    learner.endBlock();
    expect(factorsOf(learner, 0.01, TRAITS)).toEqual([0.4, 0.4, 0.4].map((factor) => closest(factor)));
    expect(factorsOf(learner, 0.01, OTHERS)).toEqual([2.5, 2.5, 2.5]);
    expect(learner.corrections().flat().every(Number.isInteger)).toBe(true);
  });

  test('a run that takes the blocks of an earlier one goes on with the same bits', () => {
    const [first, second] = [new Learner(UNCORRECTED, 5_000), new Learner(UNCORRECTED, 5_000)];
    for (let block = 0; block < 40; block++) {
      teach(first, 0.07 + block / 100, 97, 3 * (block % 7), block % 2 ? TRAITS : OTHERS);
      second.restore(first.endBlock());
    }
    expect(second.corrections()).toEqual(first.corrections());
  });

  // The figure was worked out by a program of its own, in Python.
  test('what is known of these cells is the same on every machine', () => {
    const learner = new Learner(UNCORRECTED, 5_000);
    for (let block = 0; block < 30; block++) {
      for (let cell = 0; cell < 400; cell++) {
        const traits = {
          side: cell % 4,
          leadMs: 5_000 + (cell % 12) * 5_000,
          heightBp: 1 + (cell % 5),
          scaleBp: 1,
        };
        learner.add(
          corrected(((cell * 37) % 997) / 1_000, traits, learner.corrections()),
          (cell * 31) % 7 < 2,
        );
      }
      learner.endBlock();
    }
    const text = learner
      .corrections()
      .map((factors) => factors.join(' '))
      .join('\n');
    expect(Bun.hash.crc32(text).toString(16)).toBe('181935fe');
  });
});

const closest = (factor: number): number => Math.round(factor * FACTOR_ONE) / FACTOR_ONE;

describe('corrected', () => {
  test('each stage learns from what all others make, and none makes more than 1', () => {
    const doubled = STAGES.map(({ classes }) => new Array<number>(classes).fill(2 * FACTOR_ONE));
    const { stages, probability } = corrected(0.3, TRAITS, doubled);
    expect(stages.map((stage) => stage.probability)).toEqual([0.5, 0.5, 0.5]);
    expect(probability).toBe(1);
  });
});
