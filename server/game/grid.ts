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
  readonly band: number;
  readonly low: Cents;
}

export type CellId = string & { readonly __unit: 'cell' };

export const cellId = (cell: Cell): CellId => `${cell.startMs}.${cell.windowMs}.${cell.low}.${cell.high}` as CellId;

const CELL = /^([1-9]\d{11,13})\.([1-9]\d{2,6})\.([1-9]\d{0,9})\.([1-9]\d{0,9})$/;

/** @returns null unless the text is exactly what {@link cellId} writes for a cell with low < high and an aligned start. */
export function parseCellId(text: string): Cell | null {
  const match = CELL.exec(text);
  if (!match) return null;
  const [startMs, windowMs, low, high] = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])] as const;
  if (startMs % windowMs !== 0 || !isCents(low) || !isCents(high) || low >= high) return null;
  return { startMs, windowMs, low, high };
}

export const cellOfRow = (column: Column, row: number, windowMs: number): Cell => ({
  startMs: column.start,
  windowMs,
  low: (column.low + row * column.band) as Cents,
  high: (column.low + (row + 1) * column.band) as Cents,
});

/** Index of the row that is exactly this cell, or -1. */
export function rowOfCell(column: Column, rows: number, cell: Cell): number {
  if (cell.startMs !== column.start || cell.high - cell.low !== column.band) return -1;
  const row = (cell.low - column.low) / column.band;
  return Number.isInteger(row) && row >= 0 && row < rows ? row : -1;
}

export const windowStart = (at: number, windowMs: number): number => Math.floor(at / windowMs) * windowMs;

/** Past columns, the current one and the next one are locked: a tap is for a column that starts at least one whole window from now. */
export const isLocked = (start: number, at: number, windowMs: number): boolean => start - at < windowMs;

/** 1, 2, 2.5, 5 × 10ⁿ cents, whole cents only (so no 2.5). */
const LADDER = [1, 2, 2.5, 5] as const;

/** The ladder step that is nearest from below to `raw` cents, at least 1 cent. */
export function ladderStep(raw: number): number {
  let best = 1;
  for (let scale = 1; scale <= 1e8; scale *= 10)
    for (const step of LADDER) {
      const height = step * scale;
      if (Number.isInteger(height) && height <= raw) best = height;
    }
  return best;
}

/** Band height keeps its value until the ideal has moved by this factor, so that the board does not flicker between steps. */
export const BAND_HYSTERESIS = 1.6;

/**
 * Height for a new column. `idealCents` is about 1.25·σ·√window in cents: the step is the ladder's floor of it, so bands are 1.0–1.25 σ√window or
 * a little less; `previous` (null at start) is kept while within the hysteresis.
 */
export function bandFor(idealCents: number, previous: number | null): number {
  if (previous !== null && idealCents < previous * BAND_HYSTERESIS * 1.25 && idealCents > previous / BAND_HYSTERESIS * 1.25) return previous;
  return ladderStep(idealCents);
}

/** Lowest price of the lowest row so that `rows` rows of `band` lie around `price`. Always a positive multiple of `band`. */
export function lowAround(price: Cents, band: number, rows: number): Cents {
  const centre = Math.floor(price / band);
  return (Math.max(1, centre - (rows >> 1)) * band) as Cents;
}
