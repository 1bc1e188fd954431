import {
  HEIGHT_ENDS,
  heightGroup,
  LEAD_ENDS,
  leadGroup,
  OWN_SIDE,
  PROBABILITY_EDGES,
  probabilityBin,
  SIDES,
} from './cell-class.ts';

/** Whole numbers of this are a factor of 1. */
export const FACTOR_ONE = 65_536;

/**
 * The stages of correction in their order, how many classes each tells apart, and how it learns. `keep`: what
 * is left of its sums after a block of five minutes, 2^(−5 min / half-life), of 12 h, 1 h and 1 h. `weight`:
 * how many expected touches a class must have seen to count for as much as the prior.
 */
export const STAGES = [
  { classes: 2 * HEIGHT_ENDS.length, keep: 0.9951980443443538, weight: 75 },
  { classes: 2 * LEAD_ENDS.length, keep: 0.9438743126816935, weight: 75 },
  { classes: SIDES.length * PROBABILITY_EDGES.length, keep: 0.9438743126816935, weight: 40 },
] as const;

/**
 * What was learned of how often cells are touched: a factor for each class of each stage, as whole numbers of
 * 1/65,536, so that every machine takes the same.
 *
 * - height: for each group of row heights the price's own row, then all others.
 * - lead: for each group of lead times the same.
 * - bin: for each bin of the probability that the first two leave, the sides in their order.
 */
export type Corrections = readonly (readonly number[])[];

/** Nothing was learned yet. */
export const UNCORRECTED: Corrections = STAGES.map(({ classes }) =>
  new Array<number>(classes).fill(FACTOR_ONE),
);

/** What a cell is told apart by. */
export interface CellTraits {
  /** Index in the sides. */
  readonly side: number;
  readonly leadMs: number;
  readonly heightBp: number;
  /** Of the price's moves, bp per √s. */
  readonly scaleBp: number;
}

/**
 * One stage of a cell's quote: its class there, and the probability that all other stages make, so that each
 * learns what the others leave.
 */
export interface StagedProbability {
  readonly index: number;
  readonly probability: number;
}

/** A quote with all that led to it. */
export interface CorrectedProbability {
  readonly stages: readonly StagedProbability[];
  readonly probability: number;
}

/** The law's probability after all stages; none makes it more than 1. */
export function corrected(law: number, traits: CellTraits, corrections: Corrections): CorrectedProbability {
  const applied: { readonly index: number; readonly factor: number }[] = [];
  let probability = law;
  corrections.forEach((factors, stage) => {
    const index = classOf(stage, probability, traits);
    const factor = factors[index] ?? FACTOR_ONE;
    applied.push({ index, factor });
    probability = Math.min(1, (probability * factor) / FACTOR_ONE);
  });
  const stages = applied.map(({ index, factor }) => ({
    index,
    probability: Math.min(1, (probability * FACTOR_ONE) / factor),
  }));
  return { stages, probability };
}

function classOf(
  stage: number,
  probability: number,
  { side, leadMs, heightBp, scaleBp }: CellTraits,
): number {
  const other = side === OWN_SIDE ? 0 : 1;
  if (stage === 0) return 2 * heightGroup(heightBp, scaleBp) + other;
  if (stage === 1) return 2 * leadGroup(leadMs) + other;
  return probabilityBin(probability) * SIDES.length + side;
}
