import type { Books } from './books.ts';

/** More open bets than this are counted as this many. */
const OPEN_BETS_COUNTED_MAX = 500;

/** How many bets a trader has open, in all and on each board, by the length of its windows, ms. */
export interface OpenCounts {
  readonly all: number;
  readonly byWindow: ReadonlyMap<number, number>;
}

export const NONE_OPEN: OpenCounts = { all: 0, byWindow: new Map() };

export function openCountsOf(books: Pick<Books, 'bets'>, accountId: string): OpenCounts {
  const { rows } = books.bets(accountId, 'open', null, OPEN_BETS_COUNTED_MAX);
  const byWindow = new Map<number, number>();
  for (const { cell } of rows) byWindow.set(cell.windowMs, (byWindow.get(cell.windowMs) ?? 0) + 1);
  return { all: rows.length, byWindow };
}
