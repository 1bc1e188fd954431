/**
 * Normal distribution in plain IEEE arithmetic. `exp` is our own: a quote has to come out the same to the
 * last bit years later and on another machine, and the language leaves the last bits of `Math.exp` to the
 * engine. Only + − × ÷ √ and comparisons are used here.
 */

/** ln 2 in two parts: k times the first is exact for every k that occurs (Cody and Waite). */
const LN2_HIGH = 0.693145751953125;
const LN2_LOW = 1.42860682030941723212e-6;
const LN2_INVERSE = 1.4426950408889634;
/** Below this e^x is taken as 0, above its negative as Infinity. */
const EXPONENT_MAX = 708;

const POWERS_OF_TWO = powersOfTwo(1022);

/**
 * e^x to 1 ulp or so: x = k·ln 2 + r, Taylor polynomial of degree 13 in |r| ≤ ln 2 / 2, times 2^k. e^x <
 * 4e-308 gives 0.
 */
export function exp(x: number): number {
  if (x < -EXPONENT_MAX) return 0;
  if (x > EXPONENT_MAX) return Infinity;
  const k = Math.floor(x * LN2_INVERSE + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const tail =
    1 / 5040 +
    r *
      (1 / 40320 +
        r *
          (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))))));
  const sum =
    1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * tail))))));
  return k < 0 ? sum / POWERS_OF_TWO[-k]! : sum * POWERS_OF_TWO[k]!;
}

/** Q(x) = P(Z > x), relative accuracy about 1e-15 until it underflows near x = 37.6. */
export const upperTail = (x: number): number => 0.5 * erfc(x * Math.SQRT1_2, x);

/** Φ(x) = P(Z ≤ x) = Q(−x), accurate in the lower tail too. */
export const normal = (x: number): number => upperTail(-x);

/** P(low ≤ Z ≤ high) for low ≤ high, from the tails on the side where nothing cancels. */
export function normalBetween(low: number, high: number): number {
  if (low >= 0) return upperTail(low) - upperTail(high);
  if (high <= 0) return upperTail(-high) - upperTail(-low);
  return 1 - upperTail(-low) - upperTail(high);
}

/**
 * Coefficients: W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969),
 * tables for erf and erfc.
 */
const ERF_P = [
  3.2093775891384694e3, 3.774852376853020208e2, 1.138641541510501556e2, 3.161123743870565597,
  1.857777061846031527e-1,
] as const;
const ERF_Q = [
  2.844236833439170622e3, 1.282616526077372276e3, 2.440246379344441733e2, 2.360129095234412093e1,
] as const;
const MIDDLE_P = [
  1.2303393547979972e3, 2.0510783778260715e3, 1.7120476126340706e3, 8.8195222124176909e2,
  2.9863513819740013e2, 6.6119190637141629e1, 8.8831497943883759, 5.641884969886701e-1, 2.1531153547440384e-8,
] as const;
const MIDDLE_Q = [
  1.2303393548037494e3, 3.4393676741437216e3, 4.3626190901432472e3, 3.2907992357334596e3,
  1.6213895745666903e3, 5.3718110186200986e2, 1.1769395089131249e2, 1.5744926110709834e1,
] as const;
const FAR_P = [
  -6.587491615298378e-4, -1.6083785148742277e-2, -1.2578172611122925e-1, -3.6034489994980445e-1,
  -3.0532663496123234e-1, -1.6315387137302097e-2,
] as const;
const FAR_Q = [
  2.3352049762686918e-3, 6.0518341312441319e-2, 5.2790510295142841e-1, 1.8729528499234672, 2.5685201922898224,
] as const;
const INVERSE_SQRT_PI = 0.5641895835477563;

/** erfc(y) where y = x/√2; `x` comes along because e^(−x²/2) is wanted to full accuracy. */
function erfc(y: number, x: number): number {
  const size = y < 0 ? -y : y;
  if (size <= 0.46875) {
    const z = y * y;
    const p = ERF_P[0] + z * (ERF_P[1] + z * (ERF_P[2] + z * (ERF_P[3] + z * ERF_P[4])));
    const q = ERF_Q[0] + z * (ERF_Q[1] + z * (ERF_Q[2] + z * (ERF_Q[3] + z)));
    return 1 - (y * p) / q;
  }
  const tail = gaussian(x) * (size <= 4 ? middle(size) : far(size));
  return y < 0 ? 2 - tail : tail;
}

/** e^(−x²/2), x split in two so that the rounding of x² does not reach the exponent. */
function gaussian(x: number): number {
  const size = x < 0 ? -x : x;
  if (!(size < 38)) return 0;
  const coarse = Math.floor(size * 16) / 16;
  return exp(-0.5 * coarse * coarse) * exp(-0.5 * (size - coarse) * (size + coarse));
}

function middle(y: number): number {
  let p: number = MIDDLE_P[8];
  let q = 1;
  for (let i = 7; i >= 0; i--) {
    p = p * y + MIDDLE_P[i]!;
    q = q * y + MIDDLE_Q[i]!;
  }
  return p / q;
}

function far(y: number): number {
  if (y === Infinity) return 0;
  const z = 1 / (y * y);
  let p: number = FAR_P[5];
  let q = 1;
  for (let i = 4; i >= 0; i--) {
    p = p * z + FAR_P[i]!;
    q = q * z + FAR_Q[i]!;
  }
  return (INVERSE_SQRT_PI + (z * p) / q) / y;
}

function powersOfTwo(highest: number): Float64Array {
  const powers = new Float64Array(highest + 1);
  powers[0] = 1;
  for (let i = 1; i <= highest; i++) powers[i] = powers[i - 1]! * 2;
  return powers;
}
