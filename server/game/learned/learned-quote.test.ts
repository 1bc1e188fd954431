import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { cellOfRow } from '../grid.ts';
import { ORDINARY } from '../formula.ts';
import { cents } from '../price.ts';
import { lockQuote, quote, quoteColumn, type QuoteInputs } from '../odds.ts';
import { FACTOR_ONE, UNCORRECTED } from './corrections.ts';
import { GATE_BUCKETS, nearestBucket, TRUSTS } from './gate.ts';
import { PRIOR } from './learned-after.ts';
import type { LearnedInputs } from './learned-quote.ts';
import { ordinaryPrice } from './sale.ts';

const WINDOW_MS = 5_000;
const INPUTS: LearnedInputs = {
  model: 2,
  spot: cents(7_000_000),
  v10: 1,
  vf: 0,
  cw: 0.65,
  ...ORDINARY,
  haircut: 0,
  tickMs: 100,
  scaleBp: 0.8,
  drift: 1,
  learned: {
    version: 7,
    corrections: UNCORRECTED,
    buckets: GATE_BUCKETS.map(() => ({ trust: 'certified', halfWidth: 0.02 })),
  },
};
const COLUMN = { start: 1_780_000_030_000, band: 1_000, low: cents(6_992_000) };
const cell = (row: number) => cellOfRow(COLUMN, row, WINDOW_MS);

const VERSIONS = fc.record({
  factors: fc.array(fc.integer({ min: 26_214, max: 2.5 * FACTOR_ONE }), {
    minLength: 56,
    maxLength: 56,
  }),
  buckets: fc.array(
    fc.record({ trust: fc.constantFrom(...TRUSTS), halfWidth: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { minLength: GATE_BUCKETS.length, maxLength: GATE_BUCKETS.length },
  ),
});

describe('a quote of model 2', () => {
  test('is the same for a column and for its cells, whatever was learned', () => {
    fc.assert(
      fc.property(
        VERSIONS,
        fc.constantFrom(-1, 0, 1),
        fc.integer({ min: 0, max: 60_000 }),
        ({ factors, buckets }, drift, leadMs) => {
          const corrections = UNCORRECTED.map(({ length }, stage) =>
            factors.slice(0, 56).slice([0, 10, 20][stage], [0, 10, 20][stage]! + length),
          );
          const inputs: QuoteInputs = {
            ...INPUTS,
            drift: drift as -1 | 0 | 1,
            learned: { version: 1, corrections, buckets },
          };
          const at = COLUMN.start - leadMs;
          const cells = Array.from({ length: 16 }, (_, row) => cell(row)).map(
            ({ low, high }) => quote(inputs, low, high, leadMs, WINDOW_MS).multiplier,
          );
          expect(quoteColumn(inputs, COLUMN, 16, at, WINDOW_MS)).toEqual(cells);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('sells a bucket as it has earned, and locks one that was closed meanwhile', () => {
    const { low, high } = cell(12);
    const { probability, multiplier, stages } = quote(INPUTS, low, high, 20_000, WINDOW_MS);
    expect(stages).toHaveLength(3);
    expect<number | null>(multiplier).toBe(ordinaryPrice(probability));
    const bucket = nearestBucket(ordinaryPrice(probability));
    const closed: LearnedInputs = {
      ...INPUTS,
      learned: {
        ...INPUTS.learned,
        buckets: INPUTS.learned.buckets.map((terms, index) =>
          index === bucket ? { trust: 'closed', halfWidth: 0.2 } : terms,
        ),
      },
    };
    expect(quote(closed, low, high, 20_000, WINDOW_MS).multiplier).toBeNull();
    const locked = lockQuote(closed, low, high, 20_000, WINDOW_MS);
    expect(locked.reason).toBeNull();
    expect<number>(locked.multiplier!).toBe(Math.floor(100 / (1.13 * probability + 0.008)));
  });

  test('takes the haircut off, and what a fast market adds', () => {
    const { low, high } = cell(12);
    const { probability } = quote(INPUTS, low, high, 20_000, WINDOW_MS);
    const dear = quote({ ...INPUTS, edge: 0.1, haircut: 0.05 }, low, high, 20_000, WINDOW_MS);
    expect<number | null>(dear.multiplier).toBe(Math.floor((100 * 0.95) / (1.1 * probability + 0.004)));
  });

  test('is nothing once the window is open', () => {
    const { low, high } = cell(12);
    expect(quote(INPUTS, low, high, -1, WINDOW_MS).multiplier).toBeNull();
    expect(lockQuote(INPUTS, low, high, -1, WINDOW_MS).reason).toBe('no_revision');
  });
});

test('the prior sells nothing from 10× on, and all else with the widest margins', () => {
  expect(PRIOR.buckets.map(({ trust }) => trust)).toEqual([
    'provisional',
    'provisional',
    'provisional',
    'provisional',
    'closed',
  ]);
  expect(PRIOR.buckets.map(({ halfWidth }) => halfWidth)).toEqual([1, 1, 1, 1, 1]);
});
