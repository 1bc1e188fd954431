import type { Cell } from './grid.ts';
import type { Cents } from './price.ts';
import type { Tick } from './tick.ts';

export type Resolution =
  | { readonly outcome: 'won'; readonly by: 'carried' | 'tick'; readonly tickSeq: number; readonly at: number }
  | { readonly outcome: 'lost'; readonly tickSeq: number; readonly at: number }
  | { readonly outcome: 'void'; readonly reason: 'gap'; readonly at: number }
  | { readonly outcome: 'open' };

type PathPoint = Pick<Tick, 'seq' | 'at' | 'price'>;

/**
 * The outcome of a cell as a pure function of the tick log (rule version 1).
 *
 * The path is the step function of recorded ticks; it is broken where two ticks are more than `maxGapMs` apart.
 * Won: at the window's opening when the unbroken price carried into it lies in the band; else at the first tick inside the window whose
 * segment from the tick before (its point alone, after a break) meets the band, both ends inside.
 * Void: not won, and a break overlaps the window. Lost: not won, no break, and a tick at or after the window's end is there to show it.
 *
 * @param ticks in order, from the last one before the window on; more before and after do no harm.
 * @param until up to when the log is known to be complete, ms: the clock, or the last tick's time.
 */
export function resolve(cell: Cell, ticks: readonly PathPoint[], maxGapMs: number, until: number): Resolution {
  const end = cell.startMs + cell.windowMs;
  let before: PathPoint | null = null;
  let broken = false;
  for (const tick of ticks) {
    const unbroken = before !== null && tick.at - before.at <= maxGapMs;
    if (tick.at >= cell.startMs) {
      if (before !== null && before.at < cell.startMs && carries(before, cell, maxGapMs)) return { outcome: 'won', by: 'carried', tickSeq: before.seq, at: cell.startMs };
      if (!unbroken && tick.at > cell.startMs) broken = true;
      if (tick.at >= end) return broken ? { outcome: 'void', reason: 'gap', at: end } : { outcome: 'lost', tickSeq: tick.seq, at: tick.at };
      if (meets(unbroken ? before!.price : tick.price, tick.price, cell)) return { outcome: 'won', by: 'tick', tickSeq: tick.seq, at: tick.at };
    }
    before = tick;
  }
  if (until >= cell.startMs && before !== null && before.at < cell.startMs && carries(before, cell, maxGapMs)) {
    return { outcome: 'won', by: 'carried', tickSeq: before.seq, at: cell.startMs };
  }
  if (until < end) return { outcome: 'open' };
  const silentSince = before?.at ?? -Infinity;
  return broken || until - silentSince > maxGapMs ? { outcome: 'void', reason: 'gap', at: end } : { outcome: 'open' };
}

/** Whether the price carried into the window by this tick lies in the band and is no older than a gap may be. */
export const carries = (before: PathPoint, cell: Cell, maxGapMs: number): boolean =>
  cell.startMs - before.at <= maxGapMs && before.price >= cell.low && before.price <= cell.high;

/** Whether the segment between two prices meets the closed band. */
export const meets = (from: Cents, to: Cents, cell: Pick<Cell, 'low' | 'high'>): boolean =>
  Math.max(from, to) >= cell.low && Math.min(from, to) <= cell.high;
