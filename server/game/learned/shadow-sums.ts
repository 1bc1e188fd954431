import { LEAD_ENDS, PROBABILITY_EDGES, SIDES } from './cell-class.ts';
import { STAGES, type StagedProbability } from './corrections.ts';
import { GATE_BUCKETS, gateBucket } from './gate.ts';
import { PROBABILITY_ONE, type LearnedBlock, type Touches } from './learner.ts';

/** A cell as one revision priced it, and what it is counted under. */
export interface ShadowCell {
  readonly probability: number;
  /** What led to the probability in a model that learns; empty in one that does not. */
  readonly stages: readonly StagedProbability[];
  /** Price at ordinary margins in hundredths, before any limit. */
  readonly ordinary: number;
  /** Hundredths; null where it took no bets. */
  readonly offered: number | null;
  /** Whether the revision sold anything at all: what nothing is sold beside proves nothing. */
  readonly open: boolean;
  /** Index in the sides. */
  readonly side: number;
  /** Index in the groups of lead times. */
  readonly lead: number;
  /** Index in the bins of probability. */
  readonly bin: number;
  /** Index in the boards. */
  readonly board: number;
}

/** Cells of one class: how many, how many of them were touched, and expected touches in whole thousandths. */
export interface ClassSums {
  readonly key: number;
  readonly cells: number;
  readonly touched: number;
  readonly expected: number;
}

/** Cells at their multipliers: what was quoted, in millionths of a stake, and paid, in hundredths of one. */
export interface ReturnSums {
  readonly key: number;
  readonly cells: number;
  readonly quoted: number;
  readonly paid: number;
}

/**
 * All that the cells taught whose windows ended in one block of five minutes. Lists are in the order of keys.
 */
export interface ShadowSums {
  /** By board × bucket at ordinary margins × bin of probability × side × lead. */
  readonly classes: readonly ClassSums[];
  /** At ordinary margins, of what was quoted while something was for sale: by board × bucket. */
  readonly evidence: readonly ReturnSums[];
  /** What was on offer, at its multiplier: by board × bucket × lead. */
  readonly offers: readonly ReturnSums[];
  /** Of the stages of correction, board by board; only zeros where the model does not learn. */
  readonly learned: LearnedBlock;
}

/** Coarser than what is learned from: these are for people, and every digit costs ten megabytes a year. */
const CLASS_PROBABILITY_ONE = 1_000;

/** The buckets of the gate with the multipliers below and above them. */
const SHADOW_BUCKETS = GATE_BUCKETS.length + 2;
const BELOW_ALL = 0;
const ABOVE_ALL = SHADOW_BUCKETS - 1;

/** Index of a multiplier's bucket: 0 below all buckets of the gate, then they, then one above. */
function shadowBucket(hundredths: number): number {
  const bucket = gateBucket(hundredths);
  if (bucket >= 0) return bucket + 1;
  return hundredths < GATE_BUCKETS[0].from ? BELOW_ALL : ABOVE_ALL;
}

/** Number of the class: board × bucket at ordinary margins × bin of probability × side × lead. */
function classKey({ ordinary, bin, side, lead, board }: ShadowCell): number {
  const bucket = board * SHADOW_BUCKETS + shadowBucket(ordinary);
  return ((bucket * PROBABILITY_EDGES.length + bin) * SIDES.length + side) * LEAD_ENDS.length + lead;
}

/** Number of board × bucket. */
const evidenceKey = (board: number, bucket: number): number => board * GATE_BUCKETS.length + bucket;

/** Number of board × bucket × lead of what was on offer. */
const offerKey = (board: number, bucket: number, lead: number): number =>
  evidenceKey(board, bucket) * LEAD_ENDS.length + lead;

/** What the number of a sum of {@link ShadowSums.offers} stands for. */
export const offerOf = (
  key: number,
): { readonly board: number; readonly bucket: number; readonly lead: number } => ({
  board: Math.floor(key / (GATE_BUCKETS.length * LEAD_ENDS.length)),
  bucket: Math.floor(key / LEAD_ENDS.length) % GATE_BUCKETS.length,
  lead: key % LEAD_ENDS.length,
});

/** The evidence of one board, by bucket. */
export function evidenceOf(evidence: readonly ReturnSums[], board: number): readonly ReturnSums[] {
  const [first, next] = [evidenceKey(board, 0), evidenceKey(board + 1, 0)];
  return evidence
    .filter(({ key }) => key >= first && key < next)
    .map((sum) => ({ ...sum, key: sum.key - first }));
}

/** What one board taught the stages of correction. */
export const learnedOf = (learned: LearnedBlock, board: number): LearnedBlock =>
  learned.slice(board * STAGES.length, (board + 1) * STAGES.length);

/** Adds cells up in whole numbers, so that the same cells in whatever order make the same sums. */
export class ShadowAdder {
  readonly #classes = new Map<number, Mutable<ClassSums>>();
  readonly #evidence = new Map<number, Mutable<ReturnSums>>();
  readonly #offers = new Map<number, Mutable<ReturnSums>>();
  readonly #learned: readonly Mutable<Touches>[][];

  /** @param boards how many there are. */
  constructor(boards: number) {
    this.#learned = Array.from({ length: boards }, () => STAGES)
      .flat()
      .map(({ classes }) => Array.from({ length: classes }, () => ({ touched: 0, expected: 0 })));
  }

  add(cell: ShadowCell, touched: boolean): void {
    const { probability, stages, ordinary, offered, open, lead, board } = cell;
    const sums = taken(this.#classes, classKey(cell), (key) => ({ key, cells: 0, touched: 0, expected: 0 }));
    sums.cells++;
    sums.touched += touched ? 1 : 0;
    sums.expected += Math.floor(probability * CLASS_PROBABILITY_ONE + 0.5);
    stages.forEach(({ index, probability: before }, stage) => {
      const seen = this.#learned[board * STAGES.length + stage]?.[index];
      if (seen === undefined) return;
      seen.touched += touched ? PROBABILITY_ONE : 0;
      seen.expected += millionths(before);
    });
    const proven = gateBucket(ordinary);
    if (open && proven >= 0)
      addReturn(this.#evidence, evidenceKey(board, proven), ordinary, probability, touched);
    const sold = offered === null ? -1 : gateBucket(offered);
    if (offered !== null && sold >= 0)
      addReturn(this.#offers, offerKey(board, sold, lead), offered, probability, touched);
  }

  get sums(): ShadowSums {
    return {
      classes: inOrder(this.#classes),
      evidence: inOrder(this.#evidence),
      offers: inOrder(this.#offers),
      learned: this.#learned.map((classes) => classes.map((seen) => ({ ...seen }))),
    };
  }
}

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] };

const millionths = (share: number): number => Math.floor(share * PROBABILITY_ONE + 0.5);

function addReturn(
  returns: Map<number, Mutable<ReturnSums>>,
  key: number,
  hundredths: number,
  probability: number,
  touched: boolean,
): void {
  const sums = taken(returns, key, () => ({ key, cells: 0, quoted: 0, paid: 0 }));
  sums.cells++;
  sums.quoted += Math.floor(hundredths * probability * (PROBABILITY_ONE / 100) + 0.5);
  sums.paid += touched ? hundredths : 0;
}

function taken<Sums>(map: Map<number, Sums>, key: number, make: (key: number) => Sums): Sums {
  let sums = map.get(key);
  if (sums === undefined) map.set(key, (sums = make(key)));
  return sums;
}

const inOrder = <Sums extends { readonly key: number }>(map: ReadonlyMap<number, Sums>): Sums[] =>
  [...map.values()].sort((a, b) => a.key - b.key).map((sums) => ({ ...sums }));
