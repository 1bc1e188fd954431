import { multiplier } from './money.ts';
import { rowLow } from './grid.ts';
import type { ColumnRows } from './grid.ts';
import { logRatioBp } from './log-price.ts';
import type { Multiplier } from './money.ts';
import { exp } from './normal.ts';
import type { Cents } from './price.ts';
import { discretenessShift, touchProbability } from './touch.ts';

/** What quotes of all models depend on besides the cell. */
export interface CommonInputs {
  /** Price of the tick that the revision is built on. */
  readonly spot: Cents;
  /** Variance of the log price per second at a 10 s lag, bp². */
  readonly v10: number;
  /** Its fast component, bp² per second, fading with a time constant of 10 s. */
  readonly vf: number;
  /** Share of v10 that counts inside a window, (0, 1]. */
  readonly cw: number;
  /** Proportional edge, 0.05 is 5 %, with what a fast market or announced news adds. */
  readonly edge: number;
  /** Additive margin on the probability. */
  readonly margin: number;
  /** Share deducted because of liability, [0, 1). */
  readonly haircut: number;
  /** Highest multiplier offered, hundredths. */
  readonly capHundredths: number;
  /** Time between oracle ticks. */
  readonly tickMs: number;
}

/** All that a quote of model 1 depends on besides the cell. */
export interface FormulaInputs extends CommonInputs {
  readonly model: 1;
}

/** `multiplier` null: takes no bets. */
export interface Quote {
  readonly probability: number;
  readonly multiplier: Multiplier | null;
}

export interface LockedQuote extends Quote {
  /**
   * Why there is no multiplier: the price moved so far that it is below 1.01, or the window was open before
   * it was locked.
   */
  readonly reason: 'moved' | 'no_revision' | null;
}

export const EDGE = 0.05;
export const MARGIN = 0.004;
/** Added to the edge while the market is fast. */
export const FAST_MARKET_EDGE = 0.05;
export const MULTIPLIER_MIN = multiplier(105);
export const MULTIPLIER_MAX = multiplier(2500);
/** Below this a held tap is not filled. */
export const LOCKED_MULTIPLIER_MIN = multiplier(101);

/** A new feed, or an estimate that is not warm. */
export const FIRST_WEEKS = { edge: 0.06, margin: 0.008, capHundredths: multiplier(1000) } as const;
/** Model version 1 in ordinary times. */
export const ORDINARY = { edge: EDGE, margin: MARGIN, capHundredths: MULTIPLIER_MAX } as const;
/** Those of the two under which a revision was made, without what a fast market added to its edge. */
export const termsOfMargin = (margin: number | undefined): typeof FIRST_WEEKS | typeof ORDINARY =>
  margin === FIRST_WEEKS.margin ? FIRST_WEEKS : ORDINARY;

/**
 * Lead counts from a quarter of a second before the quote: the spot is that old on average when the tick is
 * made.
 */
const SPOT_AGE_SECONDS = 0.25;
const FAST_SECONDS = 10;

/**
 * Variance mixture for fat tails, ξ = 0.35: weights wᵢ = 2/9, 5/9, 2/9 at z = −1.5, 0, 1.5, variances
 * multiplied by m² = e^(2ξz) / Σ w·e^(2ξz), and m its root. Their mean is 1.
 */
export const MIXTURE = [
  { weight: 2 / 9, variance: 0.27589931714542054, deviation: 0.5252611894528478 },
  { weight: 5 / 9, variance: 0.7884239921134745, deviation: 0.887932425420693 },
  { weight: 2 / 9, variance: 2.2530407025708934, deviation: 1.501013225315118 },
] as const;

/**
 * Probability that the price touches [low, high] in the window that opens `leadMs` from now, and the
 * multiplier that sells it: floor to 0.01 of (1 − haircut) / ((1 + edge)·P + margin) when that is between
 * 1.05 and the cap. A window that is open is not for sale.
 */
export function formulaQuote(
  inputs: FormulaInputs,
  low: Cents,
  high: Cents,
  leadMs: number,
  windowMs: number,
): Quote {
  return quoteUnder(inputs, varianceAhead(inputs, leadMs, windowMs), low, high, leadMs);
}

/**
 * The price of a held tap: as {@link formulaQuote}, but above the cap it is the cap, and all the way down to
 * 1.01 it is filled. The trader's guard is the caller's to check.
 */
export function formulaLock(
  inputs: FormulaInputs,
  low: Cents,
  high: Cents,
  leadMs: number,
  windowMs: number,
): LockedQuote {
  const probability = probabilityUnder(varianceAhead(inputs, leadMs, windowMs), inputs.spot, low, high);
  if (leadMs < 0) return { probability, multiplier: null, reason: 'no_revision' };
  const price = priceOf(probability, inputs);
  if (price < LOCKED_MULTIPLIER_MIN) return { probability, multiplier: null, reason: 'moved' };
  return { probability, multiplier: Math.min(price, inputs.capHundredths) as Multiplier, reason: null };
}

/**
 * Multipliers of the column's rows from the lowest, as {@link formulaQuote} gives them one by one; `at` is
 * the time of the quote.
 */
export function formulaColumn(
  inputs: FormulaInputs,
  column: ColumnRows,
  rows: number,
  at: number,
  windowMs: number,
): (Multiplier | null)[] {
  const leadMs = column.start - at;
  const ahead = varianceAhead(inputs, leadMs, windowMs);
  const multipliers: (Multiplier | null)[] = [];
  for (let row = 0; row < rows; row++) {
    const [low, high] = [rowLow(column, row), rowLow(column, row + 1)];
    multipliers.push(quoteUnder(inputs, ahead, low, high, leadMs).multiplier);
  }
  return multipliers;
}

/** Price in hundredths before any limit, rounded down; Infinity only when P, margin are both 0. */
export const priceOf = (
  probability: number,
  { edge, margin, haircut }: Pick<CommonInputs, 'edge' | 'margin' | 'haircut'>,
): number => Math.floor((100 * (1 - haircut)) / ((1 + edge) * probability + margin));

interface VarianceAhead {
  /** bp² until the window opens. */
  readonly v1: number;
  /** bp² inside it. */
  readonly vw: number;
  /** By how much a band edge counts as shrunk, bp, at the mean variance. */
  readonly shift: number;
}

/**
 * V1 = v10·(lead + 0.25) + 10·vf·(1 − e^(−lead/10)), Vw = cw·window·(v10 + vf·e^(−lead/10)); a lead below 0
 * counts as 0. The price is seen every tickMs only: edges move inward by 0.5826·σ·√dt, σ² = Vw / window.
 */
function varianceAhead(
  { v10, vf, cw, tickMs }: FormulaInputs,
  leadMs: number,
  windowMs: number,
): VarianceAhead {
  const lead = Math.max(0, leadMs) / 1000;
  const window = windowMs / 1000;
  const fading = exp(-lead / FAST_SECONDS);
  const perSecond = cw * (v10 + vf * fading);
  return {
    v1: v10 * (lead + SPOT_AGE_SECONDS) + FAST_SECONDS * vf * (1 - fading),
    vw: window * perSecond,
    shift: discretenessShift(Math.sqrt(perSecond), tickMs / 1000),
  };
}

function quoteUnder(
  inputs: FormulaInputs,
  ahead: VarianceAhead,
  low: Cents,
  high: Cents,
  leadMs: number,
): Quote {
  const probability = probabilityUnder(ahead, inputs.spot, low, high);
  const price = priceOf(probability, inputs);
  const forSale = leadMs >= 0 && price >= MULTIPLIER_MIN && price <= inputs.capHundredths;
  return { probability, multiplier: forSale ? (price as Multiplier) : null };
}

/**
 * P = Σ wᵢ · touch(V1·mᵢ², Vw·mᵢ²), each component with its own shift, mᵢ times the mean one; a band thinner
 * than two shifts is its middle.
 */
function probabilityUnder({ v1, vw, shift }: VarianceAhead, spot: Cents, low: Cents, high: Cents): number {
  const a = logRatioBp(spot, low);
  const b = logRatioBp(spot, high);
  const half = (b - a) / 2;
  let probability = 0;
  for (const { weight, variance, deviation } of MIXTURE) {
    const inward = Math.min(half, shift * deviation);
    probability +=
      weight * touchProbability(a + inward, Math.max(a + inward, b - inward), v1 * variance, vw * variance);
  }
  return Math.min(1, probability);
}
