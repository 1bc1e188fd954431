import type { Page } from '../ports/books.ts';
import { writeCursor, type CursorList } from './cursor.ts';

/** Rows of one page at most. */
export const PAGE_ROWS_MAX = 500;

export const bounded = (limit: number, max: number): number => Math.min(Math.max(1, Math.floor(limit)), max);

/** Asks for one row more than needed, which shows whether there is a next page. */
export function pageOf<Row, Shown>(
  list: CursorList,
  limit: number,
  read: (rows: number) => readonly Row[],
  position: (row: Row) => number,
  show: (row: Row) => Shown,
): Page<Shown> {
  const wanted = bounded(limit, PAGE_ROWS_MAX);
  const rows = read(wanted + 1);
  const shown = rows.slice(0, wanted);
  const last = shown.at(-1);
  return {
    rows: shown.map(show),
    cursor: rows.length > wanted && last !== undefined ? writeCursor(list, position(last)) : null,
  };
}
