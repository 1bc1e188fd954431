import { FACTOR_ONE, STAGES, type CorrectedProbability, type Corrections } from './corrections.ts';

/** Of so long are the blocks at whose ends the corrections are made anew. */
export const BLOCK_MS = 300_000;
/** Probabilities are added up in whole millionths, so that sums are exact. */
export const PROBABILITY_ONE = 1_000_000;
/** Of a class that has seen fewer blocks the prior counts for more: the cells of a block ride one path. */
const FEW_BLOCKS = 12;
/** Of longer windows fewer pass, and each is looked at more often: their cells count for less. */
const WEIGHED_WINDOW_MS = 5_000;
const FACTOR_MIN = 0.4;
const FACTOR_MAX = 2.5;

/** Touches and expected touches of the cells of one class, whole millionths. */
export interface Touches {
  readonly touched: number;
  readonly expected: number;
}

const NOTHING: Touches = { touched: 0, expected: 0 };

/** Of the classes of each stage. */
export type LearnedBlock = readonly (readonly Touches[])[];

/**
 * Learns the factors from cells whose windows are over, block by block. All of it is whole numbers and single
 * operations on IEEE doubles that are cut down, so that the same cells give the same bits everywhere.
 *
 *     f = (H + K·p) / (E + K)    within [0.4, 2.5], to the nearest 1/65,536
 *     K = weight · max(1, window / 5 s) · max(1, 12 / N)
 *
 * H touches, E expected ones by the probability that the other stages make, N blocks that had any, all fading
 * alike, p the prior's factor.
 */
export class Learner {
  readonly #classes: readonly (readonly Learning[])[];

  /** @param windowMs length of the board's windows. */
  constructor(prior: Corrections, windowMs: number) {
    const scale = Math.max(1, windowMs / WEIGHED_WINDOW_MS) * PROBABILITY_ONE;
    this.#classes = STAGES.map(({ keep, weight }, stage) =>
      (prior[stage] ?? []).map((factor) => new Learning(keep, weight * scale, factor)),
    );
  }

  /** A cell that was quoted so, and whether it was touched. */
  add({ stages }: CorrectedProbability, touched: boolean): void {
    stages.forEach(({ index, probability }, stage) =>
      this.#classes[stage]?.[index]?.add(probability, touched),
    );
  }

  /** Ends the block that runs. @returns what it saw. */
  endBlock(): LearnedBlock {
    return this.#classes.map((classes) => classes.map((learning) => learning.endBlock()));
  }

  /** Takes a block that an earlier run has seen. */
  restore(block: LearnedBlock): void {
    block.forEach((classes, stage) => {
      classes.forEach((touches, index) => this.#classes[stage]?.[index]?.fold(touches));
    });
  }

  corrections(): Corrections {
    return this.#classes.map((classes) => classes.map((learning) => learning.factor));
  }
}

/** What one class has seen, and its factor. */
class Learning {
  #touched = 0;
  #expected = 0;
  /** Blocks that it was seen in, millionths. */
  #blocks = 0;
  #running = NOTHING;

  constructor(
    private readonly keep: number,
    private readonly weight: number,
    private readonly prior: number,
  ) {}

  add(probability: number, isTouched: boolean): void {
    const { touched, expected } = this.#running;
    this.#running = {
      touched: touched + (isTouched ? PROBABILITY_ONE : 0),
      expected: expected + Math.floor(probability * PROBABILITY_ONE + 0.5),
    };
  }

  endBlock(): Touches {
    const seen = this.#running;
    this.#running = NOTHING;
    this.fold(seen);
    return seen;
  }

  fold({ touched, expected }: Touches): void {
    this.#touched = Math.floor(this.#touched * this.keep) + touched;
    this.#expected = Math.floor(this.#expected * this.keep) + expected;
    this.#blocks = Math.floor(this.#blocks * this.keep) + (expected > 0 ? PROBABILITY_ONE : 0);
  }

  get factor(): number {
    if (this.#blocks === 0) return this.prior;
    const weight = this.weight * Math.max(1, (FEW_BLOCKS * PROBABILITY_ONE) / this.#blocks);
    const share = (this.#touched + weight * (this.prior / FACTOR_ONE)) / (this.#expected + weight);
    return Math.floor(Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, share)) * FACTOR_ONE + 0.5);
  }
}
