import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { normal, normalBetween, upperTail } from './normal.ts';
import { discretenessShift, owenT, touchProbability } from './touch.ts';
import reference from './touch.reference.json';

const rows = reference as [a: number, b: number, v1: number, vw: number, probability: number][];
const ACCURACY = 1e-12;

describe('against direct integration at 40 digits (test/reference/touch-probability.py)', () => {
  test('every row of the table is within 1e-12', () => {
    expect(rows.length).toBeGreaterThanOrEqual(400);
    const off = rows.filter(
      ([a, b, v1, vw, probability]) => !(Math.abs(touchProbability(a, b, v1, vw) - probability) <= ACCURACY),
    );
    expect(off).toEqual([]);
  });

  test('far tails keep eleven digits', () => {
    const tails = rows.filter(([, , , , probability]) => probability > 1e-290 && probability < 1e-6);
    expect(tails.length).toBeGreaterThan(30);
    const off = tails.filter(
      ([a, b, v1, vw, probability]) => !(Math.abs(touchProbability(a, b, v1, vw) / probability - 1) <= 1e-11),
    );
    expect(off).toEqual([]);
  });

  test('the table covers bands below, around and above, and windows tiny and huge beside the lead', () => {
    const count = (holds: (row: (typeof rows)[number]) => boolean) => rows.filter(holds).length;
    expect(count(([, b]) => b < 0)).toBeGreaterThan(100);
    expect(count(([a, b]) => a <= 0 && b >= 0)).toBeGreaterThan(80);
    expect(count(([a]) => a > 0)).toBeGreaterThan(100);
    expect(count(([, , v1, vw]) => vw > 1e4 * v1)).toBeGreaterThan(40);
    expect(count(([, , v1, vw]) => v1 > 1e4 * vw)).toBeGreaterThan(40);
    expect(count(([, , v1]) => v1 === 0)).toBeGreaterThan(3);
    expect(count(([, , , vw]) => vw === 0)).toBeGreaterThan(3);
  });
});

describe('special cases', () => {
  test('an open window is a one-touch digital: 2·Φ(−distance / √vw), certain inside', () => {
    expect(touchProbability(3, 4, 0, 4)).toBe(2 * normal(-1.5));
    expect(touchProbability(-4, -3, 0, 4)).toBe(2 * normal(-1.5));
    expect(touchProbability(-1, 1, 0, 4)).toBe(1);
    expect(touchProbability(0, 1, 0, 0)).toBe(1);
    expect(touchProbability(1, 2, 0, 0)).toBe(0);
  });

  test('a window of no length asks where the price is when it opens', () => {
    expect(touchProbability(1, 2, 4, 0)).toBe(normalBetween(0.5, 1));
  });

  test('the lead fades into an open window without a step', () => {
    for (const v1 of [1e-24, 1e-30, 1e-200, 5e-324]) {
      expect(touchProbability(1, 2, v1, 1)).toBeCloseTo(touchProbability(1, 2, 0, 1), 10);
      expect(touchProbability(0, 2, v1, 1)).toBeCloseTo(1, 10);
    }
  });

  test('Owen: T(0, q) = arctan(q) / 2π and T(h, 1) = Φ(h)·Q(h) / 2', () => {
    for (const q of [1e-3, 0.5, 1, 2, 40])
      expect(Math.abs(owenT(0, q) - Math.atan(q) / (2 * Math.PI))).toBeLessThan(1e-16);
    for (const h of [-3, -0.2, 0, 1, 6])
      expect(Math.abs(owenT(h, 1) - (normal(h) * upperTail(h)) / 2)).toBeLessThan(1e-16);
  });

  test.each([
    [2, 1, 1, 1],
    [1, 2, -1, 1],
    [1, 2, 1, -1],
    [NaN, 2, 1, 1],
    [1, 2, NaN, 1],
  ])('touchProbability(%p, %p, %p, %p) is a bug', (a, b, v1, vw) => {
    expect(() => touchProbability(a, b, v1, vw)).toThrow(RangeError);
  });
});

const distance = fc.double({ min: -12, max: 12, noNaN: true });
const width = fc.double({ min: 0, max: 8, noNaN: true });
const variance = fc.double({ min: 1e-3, max: 40, noNaN: true });
const more = fc.double({ min: 0, max: 20, noNaN: true });
/** Rounding of the last places; far below the accuracy of the contract. */
const SLACK = 1e-14;

describe('laws', () => {
  const holds = (law: (a: number, w: number, v1: number, vw: number, extra: number) => boolean) =>
    fc.assert(fc.property(distance, width, variance, variance, more, law), { numRuns: 400 });

  test('a probability', () =>
    holds(
      (a, w, v1, vw) => touchProbability(a, a + w, v1, vw) >= 0 && touchProbability(a, a + w, v1, vw) <= 1,
    ));

  test('symmetric in the log price', () =>
    holds(
      (a, w, v1, vw) =>
        Math.abs(touchProbability(a, a + w, v1, vw) - touchProbability(-a - w, -a, v1, vw)) <= SLACK,
    ));

  test('free of the unit', () =>
    holds(
      (a, w, v1, vw) =>
        Math.abs(
          touchProbability(a, a + w, v1, vw) - touchProbability(7 * a, 7 * (a + w), 49 * v1, 49 * vw),
        ) <= SLACK,
    ));

  test('a wider band is touched no less', () =>
    holds(
      (a, w, v1, vw, extra) =>
        touchProbability(a, a + w, v1, vw) <= touchProbability(a - extra / 2, a + w + extra, v1, vw) + SLACK,
    ));

  test('a longer window, from the same opening, is touched no less', () =>
    holds(
      (a, w, v1, vw, extra) =>
        touchProbability(a, a + w, v1, vw) <= touchProbability(a, a + w, v1, vw + extra) + SLACK,
    ));

  test('an earlier opening, to the same end, is touched no less', () =>
    holds(
      (a, w, v1, vw, extra) =>
        touchProbability(a, a + w, v1 + extra, vw) <= touchProbability(a, a + w, v1, vw + extra) + SLACK,
    ));

  test('a longer lead never helps a band that holds the price now', () =>
    holds((a, w, v1, vw, extra) => {
      const low = -Math.abs(a);
      return touchProbability(low, w, v1 + extra, vw) <= touchProbability(low, w, v1, vw) + SLACK;
    }));

  test('P(touch [a, b]) = G(a) + G(−b) − 1, G(x) the probability that the highest point is at least x', () =>
    holds((a, w, v1, vw) => {
      const reaches = (x: number) => touchProbability(x, Infinity, v1, vw);
      return Math.abs(touchProbability(a, a + w, v1, vw) - (reaches(a) + reaches(-a - w) - 1)) <= SLACK;
    }));

  test('two bands that share an edge: together with the edge alone they make one', () =>
    holds((a, w, v1, vw, extra) => {
      const edge = a + w;
      const apart = touchProbability(a, edge, v1, vw) + touchProbability(edge, edge + extra, v1, vw);
      return (
        Math.abs(apart - touchProbability(a, edge + extra, v1, vw) - touchProbability(edge, edge, v1, vw)) <=
        SLACK
      );
    }));
});

test('a price that is seen ten times a second touches as the shifted band does, not as the continuous one', () => {
  const [a, b, steps, lead] = [2, 4.5, 50, 5];
  const gaussian = seededGaussian(20_260_101);
  const paths = 40_000;
  let touched = 0;
  for (let path = 0; path < paths; path++) {
    let price = gaussian() * Math.sqrt(lead);
    let before = price;
    for (let step = 0; step <= steps; step++) {
      if (Math.max(before, price) >= a && Math.min(before, price) <= b) {
        touched++;
        break;
      }
      before = price;
      price += gaussian() * Math.sqrt(0.1);
    }
  }
  const shift = discretenessShift(1, 0.1);
  const shifted = touchProbability(a + shift, b - shift, lead, 5);
  const error = Math.sqrt((shifted * (1 - shifted)) / paths);
  expect(Math.abs(touched / paths - shifted)).toBeLessThan(3.5 * error);
  expect(touchProbability(a, b, lead, 5) - touched / paths).toBeGreaterThan(5 * error);
});

/** Box–Muller on a 32-bit xorshift. */
function seededGaussian(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
