import type { Books } from '../../server/ports/books.ts';
import { TICKS_MAX } from '../../server/store/log-books.ts';

/**
 * How much later than they were due the ticks between two moments were made, ms, in order of size. Each is
 * due at the first multiple of `tickMs` after the one before.
 */
export function latenessOf(books: Books, tickMs: number, from: number, to: number): number[] {
  const late: number[] = [];
  let before = from;
  for (let ticks = books.ticks(from, to, TICKS_MAX); ticks.length > 0; ) {
    for (const { at } of ticks) {
      if (before > from) late.push(Math.max(0, at - dueAfter(before, tickMs)));
      before = at;
    }
    ticks = books.ticks(before + 1, to, TICKS_MAX);
  }
  return late.sort((a, b) => a - b);
}

const dueAfter = (at: number, tickMs: number): number => (Math.floor(at / tickMs) + 1) * tickMs;
