import { isCents, type Cents } from './price.ts';

/** A price band × time window. `[startMs, startMs + windowMs)` × `[low, high]`, both price ends inside. */
export interface Cell {
  readonly startMs: number;
  readonly windowMs: number;
  readonly low: Cents;
  readonly high: Cents;
}

/**
 * A column of the grid. Row i is `[low + i·band, low + (i+1)·band]`; `band` never changes after creation,
 * `low` moves by whole bands as the price drifts so that the rows on offer stay around the price.
 */
export interface Column {
  readonly start: number;
  readonly windowMs: number;
  readonly band: number;
  readonly low: Cents;
}

/** A column whose length is known from elsewhere. */
export type ColumnRows = Omit<Column, 'windowMs'>;

/** What tells the columns of all boards apart: those of two may start together. */
export type ColumnKey = string & { readonly __unit: 'column' };

export const columnKey = ({ startMs, windowMs }: Pick<Cell, 'startMs' | 'windowMs'>): ColumnKey =>
  `${startMs}.${windowMs}` as ColumnKey;

export type CellId = string & { readonly __unit: 'cell' };

export const cellId = (cell: Cell): CellId =>
  `${cell.startMs}.${cell.windowMs}.${cell.low}.${cell.high}` as CellId;

const CELL = /^([1-9]\d{11,13})\.([1-9]\d{2,6})\.([1-9]\d{0,9})\.([1-9]\d{0,9})$/;

/**
 * @returns null unless the text is exactly what {@link cellId} writes for a cell with low < high and an
 * aligned start.
 */
export function parseCellId(text: string): Cell | null {
  const match = CELL.exec(text);
  if (!match) return null;
  const [startMs, windowMs, low, high] = [
    Number(match[1]),
    Number(match[2]),
    Number(match[3]),
    Number(match[4]),
  ] as const;
  if (startMs % windowMs !== 0 || !isCents(low) || !isCents(high) || low >= high) return null;
  return { startMs, windowMs, low, high };
}

/** Where a row begins, and the one below it ends. */
export const rowLow = ({ low, band }: Pick<Column, 'low' | 'band'>, row: number): Cents =>
  (low + row * band) as Cents;

export const cellOfRow = (column: ColumnRows, row: number, windowMs: number): Cell => ({
  startMs: column.start,
  windowMs,
  low: rowLow(column, row),
  high: rowLow(column, row + 1),
});

/** Index of the row that is exactly this cell, or -1. */
export function rowOfCell(column: Column, rows: number, cell: Cell): number {
  if (cell.startMs !== column.start || cell.windowMs !== column.windowMs) return -1;
  if (cell.high - cell.low !== column.band) return -1;
  const row = (cell.low - column.low) / column.band;
  return Number.isInteger(row) && row >= 0 && row < rows ? row : -1;
}

export const windowStart = (at: number, windowMs: number): number => Math.floor(at / windowMs) * windowMs;

/**
 * Past columns, the current one and the next one are locked: a tap is for a column that starts at least one
 * whole window from now.
 */
export const isLocked = (start: number, at: number, windowMs: number): boolean => start - at < windowMs;

/** Steps of a decade; whole cents only, so 2.5 begins at 25. */
const LADDER = [1, 2, 2.5, 5] as const;
const BAND_CENTS_MAX = 500_000_000;

/**
 * The step of the 1-2-2.5-5 ladder that is nearest to `idealCents` by ratio (of two equally near the lower),
 * from 1 cent up.
 */
export function ladderStep(idealCents: number): number {
  let [best, bestRatio] = [1, Infinity];
  for (let scale = 1; scale <= BAND_CENTS_MAX; scale *= 10)
    for (const step of LADDER) {
      const height = step * scale;
      const ratio = Math.max(height / idealCents, idealCents / height);
      if (Number.isInteger(height) && ratio < bestRatio) [best, bestRatio] = [height, ratio];
    }
  return best;
}

/**
 * A height is kept until the ideal is more than this factor away from it, so that the board does not flicker
 * between steps.
 */
export const BAND_HYSTERESIS = 1.6;
/** Ideal height in σ·√window: the middle, by ratio, of 1.0 and 1.25. */
export const BAND_SIGMAS = 1.118;

/**
 * Height in cents for a new column: `previous` (null at start) while within the hysteresis of the ideal, else
 * the ladder's nearest step. `sigmaBp` is the volatility in bp per √s.
 */
export function bandFor(spot: Cents, sigmaBp: number, windowMs: number, previous: number | null): number {
  const ideal = BAND_SIGMAS * spot * sigmaBp * 1e-4 * Math.sqrt(windowMs / 1000);
  if (previous !== null && ideal <= previous * BAND_HYSTERESIS && ideal >= previous / BAND_HYSTERESIS)
    return previous;
  return ladderStep(ideal);
}

/**
 * Lowest price of the lowest row so that `rows` rows of `band` lie around `price`. Always a positive multiple
 * of `band`.
 */
export function lowAround(price: Cents, band: number, rows: number): Cents {
  const centre = Math.floor(price / band);
  return (Math.max(1, centre - (rows >> 1)) * band) as Cents;
}
