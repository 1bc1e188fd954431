import { logRatioBp } from '../log-price.ts';
import { exp, normal } from '../normal.ts';
import type { Cents } from '../price.ts';

/**
 * The scale of the price's moves, bp per √s: s = 1.2·max(ρ, 0.05·σ), ρ by ranges (range-volatility.ts), σ =
 * √v10.
 */
export const scaleOf = (rangeBp: number, sigmaBp: number): number => 1.2 * Math.max(rangeBp, 0.05 * sigmaBp);

/** Share of the variance of a window that moves the price inside it. */
const WINDOW_SHARE = 0.4;

/**
 * Variance mixture for fat tails, ξ = 0.5: weights 2/9, 5/9, 2/9 at z = −1.5, 0, 1.5, variances multiplied by
 * e^(2ξz) / Σ w·e^(2ξz), whose mean is 1; here their roots.
 */
const LAW_MIXTURE = [
  { weight: 2 / 9, deviation: 0.3733136337652986 },
  { weight: 5 / 9, deviation: 0.790304968882875 },
  { weight: 2 / 9, deviation: 1.6730756322541258 },
] as const;

/** The eight-point Gauss–Legendre rule on [0, 1]: squared nodes, and weights over 2π. */
const RULE = [
  { square: 0.00039422387424656525, weight: 0.008055510966285342 },
  { square: 0.01033613035184578, weight: 0.017696520441571814 },
  { square: 0.05627987350995162, weight: 0.024963981686122266 },
  { square: 0.16669474576905183, weight: 0.02886145845196825 },
  { square: 0.3501293882647017, weight: 0.02886145845196825 },
  { square: 0.5818122834262806, weight: 0.024963981686122266 },
  { square: 0.8070026077654727, weight: 0.017696520441571814 },
  { square: 0.960684080371783, weight: 0.008055510966285342 },
] as const;

/** What a band's edge adds to the probability of touch: Σ w·Φ(h), and 2·Σ w·T(h, q). */
interface EdgeParts {
  readonly below: number;
  readonly crossed: number;
}

/**
 * Probability of touch before anything was learned: the mixture of Brownian motions with V1 = s²·(lead +
 * 0.6·w) up to the opening and Vw = 0.4·s²·w inside the window, w its length in seconds. A lead below 0
 * counts as 0. The formula is that of touch.ts; √(Vw/V1) is at most √⅔ here, where eight points are within
 * 1e-12. Bands that follow each other upwards share an edge, which is worked out once.
 */
export function lawOf(
  scaleBp: number,
  leadMs: number,
  windowMs: number,
): (spot: Cents, low: Cents, high: Cents) => number {
  const window = windowMs / 1000;
  const v1 = Math.max(0, leadMs) / 1000 + (1 - WINDOW_SHARE) * window;
  const vw = WINDOW_SHARE * window;
  const q2 = vw / v1;
  const deviation = scaleBp * Math.sqrt(v1 + vw);
  let shared: { readonly spot: Cents; readonly price: Cents; readonly parts: EdgeParts } | null = null;
  return (spot, low, high) => {
    const from =
      shared?.spot === spot && shared.price === low
        ? shared.parts
        : partsOf(logRatioBp(spot, low) / deviation, q2);
    const to = partsOf(logRatioBp(spot, high) / deviation, q2);
    shared = { spot, price: high, parts: to };
    return Math.min(1, Math.max(0, to.below - from.below + from.crossed + to.crossed));
  };
}

/** @param h the edge's distance from the spot, in deviations of the mean variance. */
function partsOf(h: number, q2: number): EdgeParts {
  let [below, crossed] = [0, 0];
  for (const { weight, deviation } of LAW_MIXTURE) {
    const own = h / deviation;
    below += weight * normal(own);
    crossed += 2 * weight * owenT(own, q2);
  }
  return { below, crossed };
}

/** Owen's T(h, q) for q² ≤ ⅔. */
function owenT(h: number, q2: number): number {
  const exponent = -0.5 * h * h;
  let sum = 0;
  for (const { square, weight } of RULE) {
    const r = 1 + q2 * square;
    sum += (weight * exp(exponent * r)) / r;
  }
  return Math.sqrt(q2) * sum;
}
