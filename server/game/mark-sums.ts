/** Times after the lock of a bet at which it is marked again, ms. */
export const MARK_AFTER_MS = [1_000, 3_000] as const;
/**
 * Bets of so long are one step: marks of bets that lie within each other's seconds hang together, and a step
 * has to be longer than what hangs together.
 */
export const STEP_MS = 10_000;
/** Of one account in one period: of a thousand fair ones one is accused. */
export const ALPHA = 0.001;
/** Steps at which the interval is sharpest: half an hour of play. */
const TIGHTEST = 200;
/** Fewer steps do not tell what their variance is. */
const STEPS_MIN = 30;

/** Of one mark: Σx, Σx² and Σx·s over the steps, x the gain of a step and s its stakes, dollars. */
type Gains = readonly [sum: number, square: number, cross: number];

/** What is known of an account's marks. It does not grow with its bets. */
export interface MarkSums {
  /** Bets of the steps that have ended, those steps, their stakes (dollars) and the squares of these. */
  readonly bets: number;
  readonly steps: number;
  readonly staked: number;
  readonly stakedSquare: number;
  /** Dollars that the quotes at the lock left to the house. */
  readonly edge: number;
  readonly gains: readonly [Gains, Gains];
}

export const NO_MARKS: MarkSums = {
  bets: 0,
  steps: 0,
  staked: 0,
  stakedSquare: 0,
  edge: 0,
  gains: [
    [0, 0, 0],
    [0, 0, 0],
  ],
};

/** The bets of one step: stakes, what the quotes left to the house, and gains by each mark, dollars. */
export interface MarkStep {
  readonly bets: number;
  readonly staked: number;
  readonly edge: number;
  readonly gains: readonly [number, number];
}

export function withStep(sums: MarkSums, { bets, staked, edge, gains }: MarkStep): MarkSums {
  const add = ([sum, square, cross]: Gains, x: number): Gains => [
    sum + x,
    square + x * x,
    cross + x * staked,
  ];
  return {
    bets: sums.bets + bets,
    steps: sums.steps + 1,
    staked: sums.staked + staked,
    stakedSquare: sums.stakedSquare + staked * staked,
    edge: sums.edge + edge,
    gains: [add(sums.gains[0], gains[0]), add(sums.gains[1], gains[1])],
  };
}

/** Shares of a stake: the mean gain with its interval. */
export interface MeanGain {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What the marks say of an account. `edge`: the share of a stake that the quotes left to the house. */
export interface MarkReading {
  readonly bets: number;
  readonly edge: number;
  /** One for each time of {@link MARK_AFTER_MS}; null while there are too few steps. */
  readonly gains: readonly [MeanGain, MeanGain] | null;
  /** Beyond chance, however often one looks, the price moves its way in the seconds after its bets. */
  readonly isGaining: boolean;
}

/** The marks of an account so far; null before its first step has ended. */
export function markReading(sums: MarkSums): MarkReading | null {
  const { bets, steps, staked, edge } = sums;
  if (staked <= 0) return null;
  const gains =
    steps < STEPS_MIN ? null : ([meanGain(sums, sums.gains[0]), meanGain(sums, sums.gains[1])] as const);
  return { bets, edge: edge / staked, gains, isGaining: gains?.some(({ low }) => low > 0) ?? false };
}

/**
 * The mean gain of a staked dollar, r = Σx / Σs, as a ratio of steps (Cochran, Sampling Techniques, 1977,
 * 6.4): the residuals x − r·s have the variance σ². Its interval is the confidence sequence of Robbins's
 * normal mixture, which holds at all times at once, so that it may be looked at after every bet
 * (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic
 * confidence sequences, Annals of Statistics 52, 2024, theorem 2.2):
 *
 *     σ·√( 2(nρ² + 1)/(n²ρ²) · ln(√(nρ² + 1)/α) ) · n/Σs
 */
function meanGain({ steps: n, staked, stakedSquare }: MarkSums, [sum, square, cross]: Gains): MeanGain {
  const mean = sum / staked;
  const variance = Math.max(0, square - 2 * mean * cross + mean * mean * stakedSquare) / n;
  const spread = n * RHO_SQUARE + 1;
  const width = Math.sqrt(
    ((variance * 2 * spread) / (n * n * RHO_SQUARE)) * Math.log(Math.sqrt(spread) / ALPHA_OF_MARK),
  );
  const half = (width * n) / staked;
  return { mean, low: mean - half, high: mean + half };
}

/** Either mark may accuse. */
const ALPHA_OF_MARK = ALPHA / MARK_AFTER_MS.length;
/** That at which the interval is sharpest after so many steps (the same, appendix B.2). */
const RHO_SQUARE = (-2 * Math.log(ALPHA_OF_MARK) + Math.log(-2 * Math.log(ALPHA_OF_MARK) + 1)) / TIGHTEST;
