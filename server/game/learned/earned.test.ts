import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { BlockMean } from './block-mean.ts';
import { earnedBy, keptBy, shownHalfWidth } from './earned.ts';
import { BLOCK_MS } from './learner.ts';
import { ordinaryPrice } from './sale.ts';
import { ShadowAdder } from './shadow-sums.ts';

test('sums by block say what single cells say', () => {
  const cells = fc.array(
    fc.record({ probability: fc.double({ min: 0.03, max: 0.8, noNaN: true }), touched: fc.boolean() }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(fc.array(cells, { minLength: 1, maxLength: 12 }), (blocks) => {
      const mean = new BlockMean();
      const sums = blocks.map((block, number) => {
        const adder = new ShadowAdder(1);
        for (const { probability, touched } of block) {
          const ordinary = ordinaryPrice(probability);
          const cell = {
            probability,
            stages: [],
            ordinary,
            offered: ordinary,
            open: true,
            side: 0,
            lead: 1,
            bin: 2,
            board: 0,
          };
          adder.add(cell, touched);
          if (ordinary >= 105 && ordinary <= 2_500) mean.add(number, ordinary / 100, probability, touched);
        }
        return adder.sums;
      });
      const of = (list: 'evidence' | 'offers') =>
        keptBy(
          sums.map((own, block) => ({ block, sums: own[list] })),
          () => 'all',
        ).get('all');
      const [expected, found] = [mean.kept(), of('evidence')];
      if (expected === null) return expect(found).toBeUndefined();
      for (const name of ['cells', 'quoted', 'realised', 'd', 'h'] as const)
        expect(found![name]).toBeCloseTo(expected[name], 5);
      expect(of('offers')!.cells).toBe(expected.cells);
    }),
  );
});

test('a bucket is judged by its own cells alone', () => {
  const block = { evidence: [{ key: 1, cells: 1_000, quoted: 900_000_000, paid: 99_000 }] };
  const earned = earnedBy(
    Array.from({ length: 300 }, (_, number) => ({
      block: number,
      evidence: block.evidence.map((one) => ({ ...one, paid: one.paid + (number % 2 ? 400 : -400) })),
    })),
    BLOCK_MS,
  );
  // Where there is no cell nothing is known: the nearer buckets are open on trust.
  expect(earned.map(({ trust }) => trust)).toEqual([
    'provisional',
    'closed',
    'provisional',
    'provisional',
    'closed',
  ]);
  expect(earned[1]!.evidence!.d).toBeCloseTo(0.09, 9);
  expect(earned[0]!.evidence).toBeNull();
});

test('a half width is shown from two hours of blocks on, those without a cell not counted', () => {
  const halfWidthBy = (cells: number): number | null => {
    const blocks = Array.from({ length: 60 }, (_, block) => ({
      block,
      sums:
        block < cells ? [{ key: 1, cells: 100, quoted: 90_000_000, paid: 9_000 + 300 * (block % 2) }] : [],
    }));
    return shownHalfWidth(keptBy(blocks, () => 'all').get('all')!);
  };
  expect([halfWidthBy(1), halfWidthBy(23)]).toEqual([null, null]);
  expect(halfWidthBy(24)).toBeGreaterThan(0);
});
