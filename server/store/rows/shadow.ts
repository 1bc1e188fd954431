import { BOARDS_MAX } from '../../game/boards.ts';
import { present } from '../../game/present.ts';
import type { RuleVersion } from '../../game/path.ts';
import { FACTOR_ONE, STAGES, type Corrections } from '../../game/learned/corrections.ts';
import { GATE_BUCKETS, TRUSTS, type BucketTerms } from '../../game/learned/gate.ts';
import type { LearnedBoards } from '../../game/learned/learned-quote.ts';
import { PROBABILITY_ONE, type LearnedBlock } from '../../game/learned/learner.ts';
import type { ClassSums, ReturnSums } from '../../game/learned/shadow-sums.ts';
import type { ShadowBlock, ShadowReturns } from '../../game/learned/shadow-watch.ts';
import { line } from './line.ts';
import { addedLater, bit, integer, table, text, type RowOf } from './table.ts';
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
  /** Of several boards the lengths of their windows, joined by spaces; `windowMs` is the shortest. */
  windows: addedLater(text, ''),
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
    ...(row.windows === '' ? [] : [row.windows]),
  );

/** A block as it is stored; {@link shadowOf} gives the same one back. */
export const shadowRow = (block: ShadowBlock, { boards }: LearnedBoards, batch: number): ShadowRow => ({
  block: block.block,
  batch,
  since: block.since,
  simulated: block.simulated ? 1 : 0,
  windowMs: present(block.boards.windows[0], 'window'),
  windows: block.boards.windows.length === 1 ? '' : block.boards.windows.join(' '),
  boardRows: block.boards.rows,
  rule: block.boards.rule.version,
  maxGapMs: block.boards.rule.maxGapMs,
  classes: encodeKeyed(block.classes, ({ cells, touched, expected }) => [cells, touched, expected]),
  evidence: encodeReturns(block.evidence),
  offers: encodeReturns(block.offers),
  learned: encodeLearned(block.learned),
  factors: encodeNumbers(boards.flatMap(({ corrections }) => corrections.flat().map(unsigned))),
  buckets: encodeNumbers(
    boards
      .flatMap(({ buckets }) => buckets)
      .flatMap(({ trust, halfWidth }) => [TRUSTS.indexOf(trust), Math.round(halfWidth * HALF_WIDTH_ONE)]),
  ),
});

/** @throws RangeError for sums that cannot be read: the file was changed by other hands. */
export const shadowOf = (row: ShadowRow): ShadowBlock => ({
  block: row.block,
  since: row.since,
  simulated: row.simulated === 1,
  boards: {
    windows: windowsOf(row),
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
  learned: decodeLearned(row.learned, windowsOf(row).length),
});

/**
 * What held from the end of the block on.
 * @throws RangeError for what cannot be read: other hands changed the file.
 */
export function versionOf(row: VersionRow): LearnedBoards {
  const windows = windowsOf(row);
  const factors = decodeNumbers(row.factors).map(signed);
  const classes = windows.length * CLASSES;
  if (factors.length !== classes) throw new RangeError(`${factors.length} factors for ${classes} classes`);
  const terms = decodeNumbers(row.buckets);
  if (terms.length !== windows.length * TERMS) throw new RangeError('not the terms of the buckets');
  const boards = windows.map((_, board) => ({
    version: row.block,
    corrections: correctionsOf(factors.slice(board * CLASSES, (board + 1) * CLASSES)),
    buckets: bucketsOf(terms.slice(board * TERMS, (board + 1) * TERMS)),
  }));
  return { version: row.block, windows, boards };
}

/** What of a row says what was known from its block on. */
export type VersionRow = Pick<ShadowRow, 'block' | 'windowMs' | 'windows' | 'factors' | 'buckets'>;

function correctionsOf(factors: readonly number[]): Corrections {
  let at = 0;
  return STAGES.map(({ classes }) => factors.slice(at, (at += classes)));
}

const bucketsOf = (terms: readonly number[]): BucketTerms[] =>
  GATE_BUCKETS.map((_, bucket) => {
    const trust = TRUSTS[terms[2 * bucket] ?? -1];
    if (trust === undefined) throw new RangeError('there is no such trust');
    return { trust, halfWidth: (terms[2 * bucket + 1] ?? 0) / HALF_WIDTH_ONE };
  });

/** @throws RangeError for what cannot be read: other hands changed the file. */
function windowsOf({ windowMs, windows }: Pick<ShadowRow, 'windowMs' | 'windows'>): readonly number[] {
  if (windows === '') return [windowMs];
  const all = windows.split(' ').map(Number);
  if (all.length > BOARDS_MAX || all[0] !== windowMs || !all.every(Number.isSafeInteger))
    throw new RangeError('not the windows of the boards');
  return all;
}

/** Factors are near 1: what they are off by is short. */
const unsigned = (factor: number): number =>
  factor >= FACTOR_ONE ? 2 * (factor - FACTOR_ONE) : 2 * (FACTOR_ONE - factor) - 1;
const signed = (number: number): number => FACTOR_ONE + (number % 2 === 0 ? number / 2 : -(number + 1) / 2);

/** Half widths are written in parts of a stake. */
const HALF_WIDTH_ONE = 10_000;
const CLASSES = STAGES.reduce((sum, { classes }) => sum + classes, 0);
/** Numbers that say what the buckets of one board have earned. */
const TERMS = 2 * GATE_BUCKETS.length;

/** What of a row says what was paid. */
export type ReturnsRow = Pick<
  ShadowRow,
  'block' | 'simulated' | 'windowMs' | 'windows' | 'evidence' | 'offers'
>;

/** What was paid in a block. @throws RangeError as {@link shadowOf}. */
export const returnsOf = ({ block, simulated, evidence, offers, ...board }: ReturnsRow): ShadowReturns => ({
  block,
  simulated: simulated === 1,
  windows: windowsOf(board),
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

function decodeLearned(text: string, boards: number): LearnedBlock {
  const numbers = decodeNumbers(text);
  const classes = boards * CLASSES;
  if (numbers.length !== 0 && numbers.length !== 2 * classes)
    throw new RangeError(`${numbers.length} numbers for ${classes} classes`);
  let at = 0;
  return Array.from({ length: boards }, () => STAGES)
    .flat()
    .map((stage) =>
      Array.from({ length: stage.classes }, () => {
        const [touched = 0, expected = 0] = numbers.slice(at, (at += 2));
        return { touched: touched * PROBABILITY_ONE, expected };
      }),
    );
}
