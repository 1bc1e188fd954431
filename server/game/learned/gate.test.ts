import { describe, expect, test } from 'bun:test';
import { ORDINARY } from '../formula.ts';
import { BlockMean, type Kept } from './block-mean.ts';
import { GATE_BUCKETS, gateBucket, nearestBucket, termsOf, type BucketTerms, type Trust } from './gate.ts';
import { burstEdge, lockMultiplier, ordinaryPrice, saleMultiplier, type SaleTerms } from './sale.ts';

const HOUR_MS = 3_600_000;
const kept = (d: number, h: number): Kept => ({ cells: 1_000, quoted: 0.92, realised: 0.92 + d, d, h });

const sale = (buckets: readonly BucketTerms[], addedEdge = 0): SaleTerms => ({
  buckets,
  addedEdge,
  haircut: 0,
  capHundredths: ORDINARY.capHundredths,
});

describe('termsOf', () => {
  const rows: readonly [name: string, bucket: number, kept: Kept | null, hours: number, trust: Trust][] = [
    ['near enough, and known well', 1, kept(0.02, 0.03), 12, 'certified'],
    ['near enough, not known well', 1, kept(0, 0.031), 12, 'provisional'],
    ['known well, not near enough', 1, kept(-0.03, 0.021), 12, 'provisional'],
    ['overpays by less than chance may be', 1, kept(0.06, 0.031), 12, 'provisional'],
    ['overpays beyond chance', 1, kept(0.06, 0.029), 12, 'closed'],
    ['underpays beyond chance: said, not closed', 1, kept(-0.2, 0.02), 12, 'provisional'],
    ['nobody knows', 1, kept(0, 0.081), 12, 'closed'],
    ['nothing is known yet', 1, null, 0, 'provisional'],
    ['little is known in the first hours', 3, kept(0.1, 0.2), 1.9, 'provisional'],
    ['the same after them', 3, kept(0.1, 0.2), 2, 'closed'],
    ['overpays beyond chance in the first hours', 3, kept(0.2, 0.1), 1, 'closed'],
    ['far, nothing is known yet', 4, null, 0, 'closed'],
    ['far, known to less than five points', 4, kept(0, 0.051), 100, 'closed'],
    ['far, known to five points', 4, kept(0, 0.05), 100, 'provisional'],
    ['far, known to three points', 4, kept(0, 0.03), 100, 'certified'],
  ];
  test.each(rows)('%s', (_, bucket, known, hours, trust) => {
    expect(termsOf(bucket, known, hours * HOUR_MS).trust).toBe(trust);
  });

  test('a half width by less than two hours is not one: few blocks may agree by chance', () => {
    const after = (hours: number) => termsOf(1, kept(0.001, 0.002), hours * HOUR_MS);
    expect(after(1.99)).toEqual({ trust: 'provisional', halfWidth: Infinity });
    expect(after(2)).toEqual({ trust: 'certified', halfWidth: 0.002 });
  });
});

describe('buckets', () => {
  test('have both their neighbours, and all that is for sale', () => {
    expect(GATE_BUCKETS.map(({ from }) => gateBucket(from))).toEqual([0, 1, 2, 3, 4]);
    expect(GATE_BUCKETS.map(({ to }) => gateBucket(to))).toEqual([1, 2, 3, 4, -1]);
    expect([gateBucket(104), gateBucket(ORDINARY.capHundredths)]).toEqual([-1, 4]);
    expect([nearestBucket(101), nearestBucket(105), nearestBucket(999), nearestBucket(9_999)]).toEqual([
      0, 0, 3, 4,
    ]);
  });
});

describe('saleMultiplier', () => {
  const CERTIFIED: BucketTerms = { trust: 'certified', halfWidth: 0.02 };
  const buckets = (terms: BucketTerms): BucketTerms[] => GATE_BUCKETS.map(() => terms);
  const rows: readonly [
    name: string,
    probability: number,
    terms: BucketTerms,
    added: number,
    price: number | null,
  ][] = [
    ['certified: ordinary margins', 0.4, CERTIFIED, 0, Math.floor(100 / (1.05 * 0.4 + 0.004))],
    ['with what a fast market adds', 0.4, CERTIFIED, 0.05, Math.floor(100 / (1.1 * 0.4 + 0.004))],
    [
      'provisional: margins of the first weeks at least',
      0.4,
      { trust: 'provisional', halfWidth: 0.005 },
      0,
      Math.floor(100 / (1.06 * 0.4 + 0.008)),
    ],
    [
      'and wider by what is not known',
      0.4,
      { trust: 'provisional', halfWidth: 0.04 },
      0,
      Math.floor(100 / (1.09 * 0.4 + 0.008)),
    ],
    [
      'but not without end',
      0.4,
      { trust: 'provisional', halfWidth: Infinity },
      0,
      Math.floor(100 / ((1.05 + 0.08) * 0.4 + 0.008)),
    ],
    ['closed: not for sale', 0.4, { trust: 'closed', halfWidth: 0.02 }, 0, null],
    ['too sure', 0.95, CERTIFIED, 0, null],
    ['too far', 0.03, CERTIFIED, 0, null],
    ['too far at ordinary margins, and closed', 0.03, { trust: 'closed', halfWidth: 1 }, 0.5, null],
  ];
  test.each(rows)('%s', (_, probability, terms, added, price) => {
    expect(saleMultiplier(probability, sale(buckets(terms), added))).toBe(price as never);
  });

  test('a held tap is filled also where the bucket has closed meanwhile, down to 1.01 and up to the cap', () => {
    const closed = buckets({ trust: 'closed', halfWidth: 0.02 });
    expect(lockMultiplier(0.4, sale(closed))).toBe(Math.floor(100 / (1.07 * 0.4 + 0.008)) as never);
    expect(lockMultiplier(0.93, sale(buckets(CERTIFIED)))).toBe(101 as never);
    expect(lockMultiplier(0.99, sale(buckets(CERTIFIED)))).toBeNull();
    expect(lockMultiplier(0.001, sale(buckets(CERTIFIED)))).toBe(ORDINARY.capHundredths);
  });

  test('each bucket has its own terms, by the price at ordinary margins', () => {
    const terms = GATE_BUCKETS.map(
      (_, bucket): BucketTerms => ({
        trust: bucket === 2 ? 'closed' : 'certified',
        halfWidth: 0,
      }),
    );
    for (let probability = 0.05; probability < 0.9; probability += 0.01) {
      const isClosed = gateBucket(ordinaryPrice(probability)) === 2;
      expect(saleMultiplier(probability, sale(terms)) === null).toBe(isClosed);
    }
  });
});

test('a burst, by volatility or by moves, adds to the edge', () => {
  expect([burstEdge(1.5, 1.4), burstEdge(1.51, 0), burstEdge(0, 1.41)]).toEqual([0, 0.05, 0.05]);
});

describe('BlockMean', () => {
  test('means over all cells; the interval by blocks, whatever hangs together inside them', () => {
    const mean = new BlockMean();
    for (const [block, touched] of [
      [1, true],
      [1, true],
      [2, false],
      [2, false],
    ] as const)
      mean.add(block, 2, 0.45, touched);
    const { cells, quoted, realised, d, h } = mean.kept()!;
    expect([cells, quoted, realised]).toEqual([4, 0.9, 1]);
    expect(d).toBeCloseTo(0.1, 12);
    expect(h).toBeCloseTo((1.96 * Math.hypot(4 - 1.8, 0 - 1.8)) / 4, 12);
  });

  test('forgets blocks that are too old, and says nothing of none', () => {
    const mean = new BlockMean();
    expect(mean.kept()).toBeNull();
    for (let block = 0; block < 5; block++) mean.add(block, 2, 0.5, true);
    mean.forget(3);
    expect([mean.blocks, mean.kept()!.cells]).toEqual([2, 2]);
    mean.forget(9);
    expect(mean.kept()).toBeNull();
  });
});
