import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { BAND_HYSTERESIS, BAND_SIGMAS, bandFor, ladderStep } from './grid.ts';
import { cents } from './price.ts';

test.each([
  [0, 1],
  [0.3, 1],
  [1.4, 1],
  [1.5, 2],
  [3.1, 2],
  [3.2, 5],
  [7.1, 10],
  [22, 20],
  [23, 25],
  [1749, 2000],
  [2235, 2000],
  [2237, 2500],
  [3535, 2500],
  [3536, 5000],
  [1e12, 500_000_000],
])('%p cents are nearest to the step of %p', (ideal, step) => {
  expect(ladderStep(ideal)).toBe(step);
});

test('one bp per √s at 70,000 dollars and windows of 5 s: rows of 17.50 dollars ideally, 20 on the ladder', () => {
  expect(bandFor(cents(7_000_000), 1, 5000, null)).toBe(2000);
});

test('a step is at most a factor √2 from 1.118·σ·√window, so a kept height is soon the wrong one only beyond 1.6', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100_000, max: 20_000_000 }),
      fc.double({ min: 0.3, max: 30, noNaN: true }),
      (spot, sigma) => {
        const ideal = BAND_SIGMAS * spot * sigma * 1e-4 * Math.sqrt(5);
        const band = bandFor(cents(spot), sigma, 5000, null);
        const ratio = Math.max(band / ideal, ideal / band);
        return ideal < 20 || ratio <= Math.SQRT2 + 1e-9;
      },
    ),
  );
});

test('the height stays until the volatility has gone a factor 1.6 from it, either way, and does not flicker back', () => {
  const price = cents(7_000_000);
  const sigmaOf = (ideal: number) => ideal / (BAND_SIGMAS * price * 1e-4 * Math.sqrt(5));
  const heights: number[] = [];
  let band: number | null = null;
  for (const ideal of [2000, 3100, 2000 * BAND_HYSTERESIS + 1, 3190, 2000, 3130 / 2, 1570, 3130]) {
    band = bandFor(price, sigmaOf(ideal), 5000, band);
    heights.push(band);
  }
  expect(heights).toEqual([2000, 2000, 2500, 2500, 2500, 2500, 2500, 2500]);
  expect(bandFor(price, sigmaOf(2500 / BAND_HYSTERESIS - 1), 5000, 2500)).toBe(2000);
  expect(bandFor(price, sigmaOf(1000), 5000, 2500)).toBe(1000);
});
