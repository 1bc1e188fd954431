import type { RuleVersion } from '../../game/path.ts';
import { FACTOR_ONE, STAGES } from '../../game/learned/corrections.ts';
import { GATE_BUCKETS, TRUSTS } from '../../game/learned/gate.ts';
import type { LearnedVersion } from '../../game/learned/learned-quote.ts';
import { PROBABILITY_ONE, type LearnedBlock } from '../../game/learned/learner.ts';
import type { ClassSums, ReturnSums } from '../../game/learned/shadow-sums.ts';
import type { ShadowBlock, ShadowReturns } from '../../game/learned/shadow-watch.ts';
import { line } from './line.ts';
import { bit, integer, table, text, type RowOf } from './table.ts';
import { decodeNumbers, encodeNumbers } from './vlq.ts';

/**
 * The shadow book: what all cells of one revision every few seconds taught, block by block. The sums are
 * lists of whole numbers (vlq.ts). Append-only.
 */
export const SHADOW_BLOCKS = table('shadow_blocks', {
  /** Five minutes since the epoch. */
  block: integer,
  batch: integer,
  since: integer,
  simulated: bit,
  windowMs: integer,
  boardRows: integer,
  rule: integer,
  maxGapMs: integer,
  /** `key − last key, cells, touched, expected` of each class; the key before the first is -1. */
  classes: text,
  /** `key − last key, cells, quoted, paid` of each bucket. */
  evidence: text,
  /** The same by bucket × lead. */
  offers: text,
  /** `touched, expected` of each class of each stage of correction; empty where all are 0. */
  learned: text,
  /** Factors of correction from then on, 1/65,536 above or below 1, stage by stage. */
  factors: text,
  /** `trust, half width` of each bucket from then on: index of the trust, ten-thousandths of a stake. */
  buckets: text,
});

export type ShadowRow = RowOf<typeof SHADOW_BLOCKS>;

/** Its line in the ledger chain: all of it but the batch, whose line it stands under. */
export const shadowLine = (row: ShadowRow): string =>
  line(
    'shadow',
    row.block,
    row.since,
    row.simulated,
    row.windowMs,
    row.boardRows,
    row.rule,
    row.maxGapMs,
    row.classes,
    row.evidence,
    row.offers,
    row.learned,
    row.factors,
    row.buckets,
  );

/** A block as it is stored; {@link shadowOf} gives the same one back. */
export const shadowRow = (
  block: ShadowBlock,
  { corrections, buckets }: LearnedVersion,
  batch: number,
): ShadowRow => ({
  block: block.block,
  batch,
  since: block.since,
  simulated: block.simulated ? 1 : 0,
  windowMs: block.board.windowMs,
  boardRows: block.board.rows,
  rule: block.board.rule.version,
  maxGapMs: block.board.rule.maxGapMs,
  classes: encodeKeyed(block.classes, ({ cells, touched, expected }) => [cells, touched, expected]),
  evidence: encodeReturns(block.evidence),
  offers: encodeReturns(block.offers),
  learned: encodeLearned(block.learned),
  factors: encodeNumbers(corrections.flat().map(unsigned)),
  buckets: encodeNumbers(
    buckets.flatMap(({ trust, halfWidth }) => [
      TRUSTS.indexOf(trust),
      Math.round(halfWidth * HALF_WIDTH_ONE),
    ]),
  ),
});

/** @throws RangeError for sums that cannot be read: the file was changed by other hands. */
export const shadowOf = (row: ShadowRow): ShadowBlock => ({
  block: row.block,
  since: row.since,
  simulated: row.simulated === 1,
  board: {
    windowMs: row.windowMs,
    rows: row.boardRows,
    rule: { version: row.rule as RuleVersion, maxGapMs: row.maxGapMs },
  },
  classes: decodeKeyed(
    row.classes,
    ([cells, touched, expected]): Omit<ClassSums, 'key'> => ({
      cells,
      touched,
      expected,
    }),
  ),
  evidence: decodeReturns(row.evidence),
  offers: decodeReturns(row.offers),
  learned: decodeLearned(row.learned),
});

/**
 * What held from the end of the block on.
 * @throws RangeError for what cannot be read: other hands changed the file.
 */
export function versionOf({
  block,
  factors,
  buckets,
}: Pick<ShadowRow, 'block' | 'factors' | 'buckets'>): LearnedVersion {
  const numbers = decodeNumbers(factors).map(signed);
  if (numbers.length !== CLASSES) throw new RangeError(`${numbers.length} factors for ${CLASSES} classes`);
  let at = 0;
  const corrections = STAGES.map(({ classes }) => numbers.slice(at, (at += classes)));
  const terms = decodeNumbers(buckets);
  if (terms.length !== 2 * GATE_BUCKETS.length) throw new RangeError('not the terms of the buckets');
  return {
    version: block,
    corrections,
    buckets: GATE_BUCKETS.map((_, bucket) => {
      const trust = TRUSTS[terms[2 * bucket] ?? -1];
      if (trust === undefined) throw new RangeError('there is no such trust');
      return { trust, halfWidth: (terms[2 * bucket + 1] ?? 0) / HALF_WIDTH_ONE };
    }),
  };
}

/** Factors are near 1: what they are off by is short. */
const unsigned = (factor: number): number =>
  factor >= FACTOR_ONE ? 2 * (factor - FACTOR_ONE) : 2 * (FACTOR_ONE - factor) - 1;
const signed = (number: number): number => FACTOR_ONE + (number % 2 === 0 ? number / 2 : -(number + 1) / 2);

/** Half widths are written in parts of a stake. */
const HALF_WIDTH_ONE = 10_000;
const CLASSES = STAGES.reduce((sum, { classes }) => sum + classes, 0);

/** What was paid in a block. @throws RangeError as {@link shadowOf}. */
export const returnsOf = ({
  block,
  simulated,
  evidence,
  offers,
}: Pick<ShadowRow, 'block' | 'simulated' | 'evidence' | 'offers'>): ShadowReturns => ({
  block,
  simulated: simulated === 1,
  evidence: decodeReturns(evidence),
  offers: decodeReturns(offers),
});

type Three = readonly [number, number, number];

function encodeKeyed<Sums extends { readonly key: number }>(
  sums: readonly Sums[],
  valuesOf: (sums: Sums) => Three,
): string {
  let last = -1;
  return encodeNumbers(
    sums.flatMap((one) => {
      const step = one.key - last;
      last = one.key;
      return [step, ...valuesOf(one)];
    }),
  );
}

function decodeKeyed<Values>(text: string, of: (values: Three) => Values): (Values & { key: number })[] {
  const numbers = decodeNumbers(text);
  if (numbers.length % 4 !== 0) throw new RangeError('a sum without its end');
  let key = -1;
  const sums: (Values & { key: number })[] = [];
  for (let at = 0; at < numbers.length; at += 4) {
    const [step, ...values] = numbers.slice(at, at + 4) as [number, number, number, number];
    if (step === 0) throw new RangeError('two sums of one key');
    key += step;
    sums.push({ key, ...of(values) });
  }
  return sums;
}

const encodeReturns = (sums: readonly ReturnSums[]): string =>
  encodeKeyed(sums, ({ cells, quoted, paid }) => [cells, quoted, paid]);

const decodeReturns = (text: string): ReturnSums[] =>
  decodeKeyed(text, ([cells, quoted, paid]): Omit<ReturnSums, 'key'> => ({ cells, quoted, paid }));

function encodeLearned(learned: LearnedBlock): string {
  const seen = learned.flat();
  if (seen.every(({ touched, expected }) => touched === 0 && expected === 0)) return '';
  return encodeNumbers(seen.flatMap(({ touched, expected }) => [touched / PROBABILITY_ONE, expected]));
}

function decodeLearned(text: string): LearnedBlock {
  const numbers = decodeNumbers(text);
  if (numbers.length !== 0 && numbers.length !== 2 * CLASSES)
    throw new RangeError(`${numbers.length} numbers for ${CLASSES} classes`);
  let at = 0;
  return STAGES.map((stage) =>
    Array.from({ length: stage.classes }, () => {
      const [touched = 0, expected = 0] = numbers.slice(at, (at += 2));
      return { touched: touched * PROBABILITY_ONE, expected };
    }),
  );
}
