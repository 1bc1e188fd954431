import { describe, expect, test } from 'bun:test';
import type { Cents } from '../price.ts';
import { touchProbability } from '../touch.ts';
import { lawOf, scaleOf } from './touch-law.ts';

const SPOT = 5_000_000 as Cents;
/** A gaussian by twelve uniform numbers of a generator with a fixed beginning. */
let state = 12_345;
const gaussian = (): number => {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return sum;
};

describe('lawOf', () => {
  test('is what drawn paths of its mixture do', () => {
    const [scale, leadMs, windowMs, steps, paths] = [1.5, 10_000, 5_000, 200, 6_000];
    const law = lawOf(scale, leadMs, windowMs);
    const [low, high] = [SPOT + 2_000, SPOT + 4_000] as [Cents, Cents];
    const [a, b] = [low, high].map((price) => 10_000 * Math.log(price / SPOT)) as [number, number];
    const variances = [-1.5, 0, 1.5].map((z) => Math.exp(z));
    const mean = (2 * variances[0]! + 5 * variances[1]! + 2 * variances[2]!) / 9;
    let touched = 0;
    for (let path = 0; path < paths; path++) {
      const variance = (scale * scale * variances[[0, 0, 1, 1, 1, 1, 1, 2, 2][path % 9]!]!) / mean;
      let at = gaussian() * Math.sqrt(variance * (10 + 0.6 * 5));
      let isTouched = at >= a && at <= b;
      for (let step = 0; step < steps && !isTouched; step++) {
        const next = at + gaussian() * Math.sqrt((variance * 0.4 * 5) / steps);
        isTouched = Math.max(at, next) >= a && Math.min(at, next) <= b;
        at = next;
      }
      if (isTouched) touched++;
    }
    expect(Math.abs(law(SPOT, low, high) - touched / paths)).toBeLessThan(0.02);
  });

  test('is the mixture of the exact formula, edges shared or not', () => {
    const variances = [-1.5, 0, 1.5].map((z) => Math.exp(z));
    const mean = (2 * variances[0]! + 5 * variances[1]! + 2 * variances[2]!) / 9;
    for (const [scale, leadMs, windowMs] of [
      [0.3, 0, 5_000],
      [1, 12_300, 5_000],
      [2.5, 60_000, 2_000],
      [1, 400, 15_000],
    ] as const) {
      const law = lawOf(scale, leadMs, windowMs);
      for (let low = SPOT - 8_000; low < SPOT + 8_000; low += 1_000) {
        const high = low + 1_000;
        const [a, b] = [low, high].map((price) => 10_000 * Math.log(price / SPOT)) as [number, number];
        const v1 = (scale * scale * (leadMs + 0.6 * windowMs)) / 1000;
        const vw = (scale * scale * 0.4 * windowMs) / 1000;
        const exact = variances.reduce(
          (sum, variance, index) =>
            sum +
            ([2, 5, 2][index]! / 9) * touchProbability(a, b, (v1 * variance) / mean, (vw * variance) / mean),
          0,
        );
        const bare = lawOf(scale, leadMs, windowMs)(SPOT, low as Cents, high as Cents);
        expect(law(SPOT, low as Cents, high as Cents)).toBe(bare);
        expect(Math.abs(bare - exact)).toBeLessThan(2e-12);
      }
    }
  });

  test('is symmetric but for the logarithm, falls with distance, grows with height and scale', () => {
    const law = lawOf(1, 15_000, 5_000);
    const band = (from: number, height: number) =>
      law(SPOT, (SPOT + from) as Cents, (SPOT + from + height) as Cents);
    expect(band(1_000, 1_000)).toBeCloseTo(band(-2_000, 1_000), 3);
    expect(band(1_000, 1_000)).toBeGreaterThan(band(2_000, 1_000));
    expect(band(1_000, 2_000)).toBeGreaterThan(band(1_000, 1_000));
    expect(lawOf(2, 15_000, 5_000)(SPOT, 5_006_000 as Cents, 5_007_000 as Cents)).toBeGreaterThan(
      band(6_000, 1_000),
    );
    expect(band(-500, 1_000)).toBeLessThanOrEqual(1);
  });

  test('a scale is never below a twentieth of the volatility by moves', () => {
    expect(scaleOf(0, 1)).toBeCloseTo(0.06, 12);
    expect(scaleOf(2, 1)).toBeCloseTo(2.4, 12);
  });
});
