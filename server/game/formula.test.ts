import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { logRatioBp } from './log-price.ts';
import { multiplier } from './money.ts';
import {
  EDGE,
  FIRST_WEEKS,
  LOCKED_MULTIPLIER_MIN,
  formulaLock,
  MARGIN,
  MIXTURE,
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  ORDINARY,
  priceOf,
  formulaQuote,
  formulaColumn,
  type FormulaInputs,
} from './formula.ts';
import { cents, type Cents } from './price.ts';
import { discretenessShift, touchProbability } from './touch.ts';

const INPUTS: FormulaInputs = {
  model: 1,
  spot: cents(7_000_000),
  v10: 1,
  vf: 0.2,
  cw: 0.65,
  ...ORDINARY,
  haircut: 0,
  tickMs: 100,
};
const WINDOW_MS = 5000;
const BAND = 2000;

/** The formula of the model written out a second time, with the engine's own functions. */
function probabilityWrittenOut(
  { spot, v10, vf, cw, tickMs }: FormulaInputs,
  low: number,
  high: number,
  leadMs: number,
  windowMs: number,
): number {
  const lead = leadMs / 1000;
  const v1 = v10 * (lead + 0.25) + 10 * vf * (1 - Math.exp(-lead / 10));
  const vw = cw * (windowMs / 1000) * (v10 + vf * Math.exp(-lead / 10));
  const weights = [2 / 9, 5 / 9, 2 / 9];
  const squares = [-1.5, 0, 1.5].map((z) => Math.exp(2 * 0.35 * z));
  const mean = squares.reduce((sum, square, i) => sum + weights[i]! * square, 0);
  return squares.reduce((sum, square, i) => {
    const m2 = square / mean;
    const shift = discretenessShift(Math.sqrt((vw * m2) / (windowMs / 1000)), tickMs / 1000);
    const [a, b] = [1e4 * Math.log(low / spot) + shift, 1e4 * Math.log(high / spot) - shift];
    return (
      sum +
      weights[i]! *
        (a <= b
          ? touchProbability(a, b, v1 * m2, vw * m2)
          : touchProbability((a + b) / 2, (a + b) / 2, v1 * m2, vw * m2))
    );
  }, 0);
}

describe('the probability of model 1', () => {
  test.each([
    [6_999_000, 7_001_000, 5000],
    [7_003_000, 7_005_000, 12_345],
    [6_985_000, 6_987_000, 60_000],
    [7_000_010, 7_000_020, 7000],
    [7_200_000, 7_202_000, 5000],
  ])('[%p, %p] in %p ms is the formula written out', (low, high, leadMs) => {
    const { probability } = formulaQuote(INPUTS, cents(low), cents(high), leadMs, WINDOW_MS);
    expect(Math.abs(probability - probabilityWrittenOut(INPUTS, low, high, leadMs, WINDOW_MS))).toBeLessThan(
      1e-9,
    );
  });

  test('the mixture has weights of sum 1, a mean variance of 1 and its own deviations', () => {
    const squares = [-1.5, 0, 1.5].map((z) => Math.exp(2 * 0.35 * z));
    const mean = (2 * squares[0]! + 5 * squares[1]! + 2 * squares[2]!) / 9;
    MIXTURE.forEach(({ variance, deviation }, i) => {
      expect(variance).toBeCloseTo(squares[i]! / mean, 14);
      expect(deviation).toBeCloseTo(Math.sqrt(variance), 14);
    });
    expect(MIXTURE.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 15);
    expect(MIXTURE.reduce((sum, { weight, variance }) => sum + weight * variance, 0)).toBeCloseTo(1, 14);
  });

  test('a band thinner than the shift is its own middle, not an inverted band', () => {
    const thin = formulaQuote(INPUTS, cents(7_002_000), cents(7_002_001), 5000, WINDOW_MS).probability;
    const [a, b] = [logRatioBp(7_000_000, 7_002_000), logRatioBp(7_000_000, 7_002_001)];
    const [v1, vw] = [5.25 + 2 * (1 - Math.exp(-0.5)), 0.65 * 5 * (1 + 0.2 * Math.exp(-0.5))];
    const middle = MIXTURE.reduce(
      (sum, { weight, variance }) =>
        sum + weight * touchProbability((a + b) / 2, (a + b) / 2, v1 * variance, vw * variance),
      0,
    );
    expect(thin).toBeCloseTo(middle, 12);
  });

  /** Persisted inputs have to give the same quote for ever: a change here is a new model version. */
  test.each([
    [6_999_000, 7_001_000, 5000, 0.7337135621380853, 129],
    [7_003_000, 7_005_000, 12_300, 0.17115790698273753, 544],
    [6_985_000, 6_987_000, 60_000, 0.016038644590418004, null],
  ])('[%p, %p] in %p ms is %p, to the last bit', (low, high, leadMs, probability, expected) => {
    expect(formulaQuote(INPUTS, cents(low), cents(high), leadMs, WINDOW_MS)).toEqual({
      probability,
      multiplier: expected === null ? null : multiplier(expected),
    });
  });
});

describe('from probability to multiplier', () => {
  /** Return to player by construction: odds that are quoted for P, times P. */
  test.each([
    [1.9, 0.945],
    [3.4, 0.939],
    [9, 0.918],
    [25, 0.857],
  ])('%p× returns %p', (multiple, expected) => {
    const probability = (1 / multiple - MARGIN) / (1 + EDGE);
    expect(multiple * probability).toBeCloseTo(expected, 3);
    expect(priceOf(probability - 1e-12, { ...ORDINARY, haircut: 0 })).toBe(Math.round(multiple * 100));
  });

  test('the terms of the house', () => {
    expect(ORDINARY).toEqual({ edge: 0.05, margin: 0.004, capHundredths: multiplier(2500) });
    expect(FIRST_WEEKS).toEqual({ edge: 0.06, margin: 0.008, capHundredths: multiplier(1000) });
    expect([MULTIPLIER_MIN, MULTIPLIER_MAX, LOCKED_MULTIPLIER_MIN].map(Number)).toEqual([105, 2500, 101]);
  });

  test('rounds down, takes the haircut off, adds the margin', () => {
    expect(priceOf(0.25, { edge: 0.05, margin: 0.004, haircut: 0 })).toBe(375);
    expect(priceOf(0.25, { edge: 0.05, margin: 0.004, haircut: 0.1 })).toBe(337);
    expect(priceOf(0, { edge: 0.05, margin: 0.004, haircut: 0 })).toBe(25_000);
  });

  test('what cannot be sold fairly takes no bets: too likely, too far, too late', () => {
    expect(formulaQuote(INPUTS, cents(6_990_000), cents(7_010_000), 5000, WINDOW_MS).multiplier).toBeNull();
    expect(formulaQuote(INPUTS, cents(7_100_000), cents(7_102_000), 5000, WINDOW_MS).multiplier).toBeNull();
    expect(formulaQuote(INPUTS, cents(7_001_000), cents(7_003_000), 0, WINDOW_MS).multiplier).not.toBeNull();
    expect(formulaQuote(INPUTS, cents(7_001_000), cents(7_003_000), -1, WINDOW_MS).multiplier).toBeNull();
  });
});

describe('the lock', () => {
  const lock = (low: number, high: number, leadMs = 5000) =>
    formulaLock(INPUTS, cents(low), cents(high), leadMs, WINDOW_MS);

  test('is the quote while that is for sale', () => {
    const { probability, multiplier } = formulaQuote(
      INPUTS,
      cents(7_003_000),
      cents(7_005_000),
      5000,
      WINDOW_MS,
    );
    expect(multiplier).not.toBeNull();
    expect(lock(7_003_000, 7_005_000)).toEqual({ probability, multiplier, reason: null });
  });

  test('is capped at the highest multiplier for sale', () => {
    expect(lock(7_100_000, 7_102_000)).toMatchObject({ multiplier: 2500, reason: null });
  });

  test('is filled below what is for sale down to 1.01, and then has moved', () => {
    const filled: number[] = [];
    let moved = 0;
    for (let half = 500; half < 20_000; half += 25) {
      const { multiplier, reason } = lock(7_000_000 - half, 7_000_000 + half);
      if (multiplier === null) {
        expect(reason).toBe('moved');
        moved++;
      } else filled.push(multiplier);
    }
    expect(Math.min(...filled)).toBe(101);
    expect(moved).toBeGreaterThan(0);
  });

  test('comes too late when the window is open', () => {
    expect(lock(7_003_000, 7_005_000, 0).reason).toBeNull();
    expect(lock(7_003_000, 7_005_000, -1)).toMatchObject({ multiplier: null, reason: 'no_revision' });
  });
});

const inputs: fc.Arbitrary<FormulaInputs> = fc.record({
  model: fc.constant(1 as const),
  spot: fc.integer({ min: 1_000_000, max: 20_000_000 }) as fc.Arbitrary<number> as fc.Arbitrary<Cents>,
  v10: fc.double({ min: 1e-4, max: 400, noNaN: true }),
  vf: fc.double({ min: 0, max: 100, noNaN: true }),
  cw: fc.double({ min: 0.3, max: 1, noNaN: true }),
  edge: fc.constantFrom(0.05, 0.06, 0.1, 0.15),
  margin: fc.constantFrom(0.004, 0.008),
  haircut: fc.constantFrom(0, 0.02, 0.05, 0.1),
  capHundredths: fc.constantFrom(500, 1000, 2500),
  tickMs: fc.constantFrom(100, 250),
});
const ROWS = 16;

describe('over all inputs', () => {
  const board = fc.record({
    inputs,
    lead: fc.integer({ min: 0, max: 60_000 }),
    band: fc.constantFrom(100, 500, BAND, 2500, 10_000),
    below: fc.integer({ min: 0, max: ROWS }),
  });

  test('a column is its rows, quoted one by one; nothing for sale returns 1 or more, or is out of its limits', () => {
    fc.assert(
      fc.property(board, ({ inputs, lead, band, below }) => {
        const at = 1_770_000_000_000;
        const low = (Math.floor(inputs.spot / band - below) * band) as Cents;
        const column = formulaColumn(inputs, { start: at + lead, band, low }, ROWS, at, WINDOW_MS);
        for (let row = 0; row < ROWS; row++) {
          const { probability, multiplier } = formulaQuote(
            inputs,
            (low + row * band) as Cents,
            (low + (row + 1) * band) as Cents,
            lead,
            WINDOW_MS,
          );
          expect(column[row]!).toBe(multiplier!);
          expect(probability >= 0 && probability <= 1).toBe(true);
          if (multiplier === null) continue;
          expect(probability * multiplier).toBeLessThan(100);
          expect(multiplier >= 105 && multiplier <= inputs.capHundredths).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('a column that is open sells nothing', () => {
    const at = 1_770_000_000_001;
    expect(
      formulaColumn(INPUTS, { start: at - 1, band: BAND, low: cents(6_984_000) }, ROWS, at, WINDOW_MS),
    ).toEqual(new Array(ROWS).fill(null));
  });
});
