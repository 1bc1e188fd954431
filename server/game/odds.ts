import type { ColumnRows } from './grid.ts';
import type { StagedProbability } from './learned/corrections.ts';
import { nearestBucket } from './learned/gate.ts';
import { learnedColumn, learnedLock, learnedQuote, type LearnedInputs } from './learned/learned-quote.ts';
import { marginsOf } from './learned/sale.ts';
import type { Multiplier } from './money.ts';
import {
  formulaColumn,
  formulaLock,
  formulaQuote,
  termsOfMargin,
  type FormulaInputs,
  type LockedQuote,
  type Quote,
} from './formula.ts';
import { present } from './present.ts';
import type { Cents } from './price.ts';
import type { QuotedTerms } from './returns.ts';

/**
 * All that a quote depends on besides the cell, by its odds model. One set is persisted with every grid
 * revision, and every quote is computed again from it years later: all arithmetic is plain IEEE double, so
 * that the same inputs give the same bits anywhere.
 */
export type QuoteInputs = FormulaInputs | LearnedInputs;

/** A quote, and the stages of correction that led to its probability: none in model 1. */
export interface StagedQuote extends Quote {
  readonly stages: readonly StagedProbability[];
}

/**
 * Probability that the price touches [low, high] in the window that opens `leadMs` from now, and the
 * multiplier that sells it; null when it is not for sale, as it never is in a window that is open.
 */
export const quote = (
  inputs: QuoteInputs,
  low: Cents,
  high: Cents,
  leadMs: number,
  windowMs: number,
): StagedQuote =>
  inputs.model === 2
    ? learnedQuote(inputs, low, high, leadMs, windowMs)
    : { ...formulaQuote(inputs, low, high, leadMs, windowMs), stages: [] };

/**
 * The price of a held tap: as {@link quote}, but above the cap it is the cap, and all the way down to 1.01 it
 * is filled. The trader's guard is the caller's to check.
 */
export const lockQuote = (
  inputs: QuoteInputs,
  low: Cents,
  high: Cents,
  leadMs: number,
  windowMs: number,
): LockedQuote =>
  inputs.model === 2
    ? learnedLock(inputs, low, high, leadMs, windowMs)
    : formulaLock(inputs, low, high, leadMs, windowMs);

/** The edge and margin that a multiplier in hundredths has been made with in ordinary times. */
export const quotedTerms = (inputs: QuoteInputs, multiplier: number): QuotedTerms =>
  inputs.model === 2
    ? marginsOf(present(inputs.learned.buckets[nearestBucket(multiplier)], 'bucket'))
    : termsOfMargin(inputs.margin);

/**
 * Multipliers of the column's rows from the lowest, as {@link quote} gives them one by one; `at` is the time
 * of the quote.
 */
export const quoteColumn = (
  inputs: QuoteInputs,
  column: ColumnRows,
  rows: number,
  at: number,
  windowMs: number,
): (Multiplier | null)[] =>
  inputs.model === 2
    ? learnedColumn(inputs, column, rows, column.start - at, windowMs)
    : formulaColumn(inputs, column, rows, at, windowMs);
