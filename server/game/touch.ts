import { exp, normalBetween, upperTail } from './normal.ts';

/**
 * Probability that a driftless Brownian log price, now at 0, is in or meets the band [a, b] at some time of a
 * window that opens later.
 *
 * `a` = ln(low / spot) and `b` = ln(high / spot) in any one unit, a ≤ b, infinite allowed; `v1` the variance
 * up to the opening and `vw` inside the window, in that unit squared. In basis points: bp and bp².
 *
 * P = Φ(β) − Φ(α) + 2·[T(α, q) + T(β, q)], α = a/s, β = b/s, s = √(v1 + vw), q = √(vw / v1), T Owen's
 * function: inside at the opening, or below and later up to a, or above and later down to b (reflection
 * principle). Within 1e-12 of the exact value, see `touch.reference.json`.
 * @throws RangeError when a > b, a variance is negative, or anything is NaN: a bug of the caller.
 */
export function touchProbability(a: number, b: number, v1: number, vw: number): number {
  if (!(a <= b && v1 >= 0 && vw >= 0))
    throw new RangeError(`no band or variance: [${a}, ${b}], ${v1}, ${vw}`);
  const total = v1 + vw;
  const q = Math.sqrt(vw / v1);
  if (total === 0 || v1 === 0 || q === Infinity) return touchFromNow(a, b, vw);
  const s = Math.sqrt(total);
  const alpha = a / s;
  const beta = b / s;
  const inside = normalBetween(alpha, beta);
  if (q === 0) return inside;
  return Math.min(1, inside + 2 * (owenT(alpha, q) + owenT(beta, q)));
}

/** The window is open already: certain inside the band, else a one-touch digital, 2·Φ(−distance / √vw). */
function touchFromNow(a: number, b: number, vw: number): number {
  if (a <= 0 && b >= 0) return 1;
  const distance = a > 0 ? a : -b;
  return vw === 0 ? 0 : 2 * upperTail(distance / Math.sqrt(vw));
}

/**
 * Owen's T(h, q) = 1/2π · ∫₀^q e^(−h²(1+x²)/2) / (1+x²) dx for q > 0, even in h. Twenty Gauss–Legendre nodes
 * on [0, q] when q ≤ 1; beyond that by the complement T(h, q) = Q(h)/2 + Q(qh)/2 − Q(h)·Q(qh) − T(qh, 1/q).
 */
export function owenT(h: number, q: number): number {
  const size = h < 0 ? -h : h;
  if (q <= 1) return owenTByQuadrature(size, q);
  const near = upperTail(size);
  const farther = size === 0 ? 0 : q * size;
  const far = upperTail(farther);
  return 0.5 * near + 0.5 * far - near * far - owenTByQuadrature(farther, 1 / q);
}

/** The 20-point Gauss–Legendre rule on [0, 1]: squared nodes, and weights over 2π, rounded from 40 digits. */
const NODES_SQUARED = [
  1.1804037289769533e-5, 0.0003245055060169831, 0.0019256988960929151, 0.006470837188913183,
  0.01608687542003542, 0.03311423082817937, 0.05981277244514305, 0.09806101582803448, 0.1490786729242584,
  0.21320081654245024, 0.28972733767594755, 0.3768645240659035, 0.47176710454345405, 0.5706797743959702,
  0.6691679115546944, 0.7624187818801862, 0.845587809011132, 0.9141601271474188, 0.9642964327839307,
  0.9931404032223847,
];
const WEIGHTS_OVER_TWO_PI = [
  0.0014016781519259967, 0.0032309591246650836, 0.004987283143033821, 0.006626952533259459,
  0.008111341209431487, 0.009405622004054334, 0.010479448879113944, 0.011307649096073418,
  0.011870809086447661, 0.012155728317942465, 0.012155728317942465, 0.011870809086447661,
  0.011307649096073418, 0.010479448879113944, 0.009405622004054334, 0.008111341209431487,
  0.006626952533259459, 0.004987283143033821, 0.0032309591246650836, 0.0014016781519259967,
];
/** e^(−h²/2) is below 1e-300 here. */
const H_MAX = 37.5;

function owenTByQuadrature(h: number, q: number): number {
  if (!(h < H_MAX)) return 0;
  const exponent = -0.5 * h * h;
  const q2 = q * q;
  let sum = 0;
  for (let i = 0; i < 20; i++) {
    const r = 1 + q2 * NODES_SQUARED[i]!;
    sum += (WEIGHTS_OVER_TWO_PI[i]! * exp(exponent * r)) / r;
  }
  return q * sum;
}

/**
 * 0.5826·σ·√dt: by how much a barrier seen only every dt seconds moves away (Broadie, Glasserman, Kou 1997;
 * −ζ(½)/√2π). In the unit of σ·√s.
 */
export const discretenessShift = (sigmaPerSqrtSecond: number, dtSeconds: number): number =>
  0.5826 * sigmaPerSqrtSecond * Math.sqrt(dtSeconds);
