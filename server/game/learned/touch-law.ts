import { logRatioBp } from '../log-price.ts';
import type { Cents } from '../price.ts';
import { touchProbability } from '../touch.ts';

/**
 * The scale of the price's moves, bp per √s: s = 1.2·max(ρ, 0.05·σ), ρ by ranges (range-volatility.ts), σ =
 * √v10.
 */
export const scaleOf = (rangeBp: number, sigmaBp: number): number => 1.2 * Math.max(rangeBp, 0.05 * sigmaBp);

/** Share of the variance of a window that moves the price inside it. */
const WINDOW_SHARE = 0.4;

/**
 * Variance mixture for fat tails, ξ = 0.5: weights 2/9, 5/9, 2/9 at z = −1.5, 0, 1.5, variances multiplied by
 * e^(2ξz) / Σ w·e^(2ξz). Their mean is 1.
 */
const LAW_MIXTURE = [
  { weight: 2 / 9, variance: 0.13936306915505148 },
  { weight: 5 / 9, variance: 0.6245819438409621 },
  { weight: 2 / 9, variance: 2.7991820712425426 },
] as const;

/**
 * Probability of touch before anything was learned: the mixture of Brownian motions with V1 = s²·(lead +
 * 0.6·w) up to the opening and Vw = 0.4·s²·w inside the window, w its length in seconds. A lead below 0
 * counts as 0.
 */
export function lawOf(
  scaleBp: number,
  leadMs: number,
  windowMs: number,
): (spot: Cents, low: Cents, high: Cents) => number {
  const window = windowMs / 1000;
  const perSecond = scaleBp * scaleBp;
  const v1 = perSecond * (Math.max(0, leadMs) / 1000 + (1 - WINDOW_SHARE) * window);
  const vw = perSecond * WINDOW_SHARE * window;
  return (spot, low, high) => {
    const [a, b] = [logRatioBp(spot, low), logRatioBp(spot, high)];
    let probability = 0;
    for (const { weight, variance } of LAW_MIXTURE)
      probability += weight * touchProbability(a, b, v1 * variance, vw * variance);
    return Math.min(1, probability);
  };
}
