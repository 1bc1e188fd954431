import type { Cell } from './grid.ts';
import type { Cents } from './price.ts';
import type { Tick } from './tick.ts';

export type Resolution =
  | { readonly outcome: 'won'; readonly by: 'carried' | 'tick'; readonly tickSeq: number; readonly at: number }
  | { readonly outcome: 'lost'; readonly tickSeq: number; readonly at: number }
  | { readonly outcome: 'void'; readonly reason: 'gap'; readonly at: number }
  | { readonly outcome: 'open' };

export type PathPoint = Pick<Tick, 'seq' | 'at' | 'price'>;

/** One window being watched. `broken` once a gap longer than `maxGapMs` overlapped it. */
export interface Watch {
  readonly startMs: number;
  readonly windowMs: number;
  broken: boolean;
}

/** What one tick means for a watched window: prices that touch bands now, and whether the window is over. */
export interface WatchStep {
  /** The tick whose price was carried into the window, told once, at the first tick after the opening. */
  readonly carried: PathPoint | null;
  /** The stretch of path that this tick adds inside the window; null when the window was over before it. */
  readonly segment: { readonly from: Cents; readonly to: Cents } | null;
  readonly ended: 'lost' | 'void' | null;
}

const NOTHING: WatchStep = { carried: null, segment: null, ended: null };

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
  const watch: Watch = { startMs: cell.startMs, windowMs: cell.windowMs, broken: false };
  const end = cell.startMs + cell.windowMs;
  let before: PathPoint | null = null;
  for (const tick of ticks) {
    const { carried, segment, ended } = watchTick(watch, before, tick, maxGapMs);
    if (carried !== null && meets(carried.price, carried.price, cell)) return { outcome: 'won', by: 'carried', tickSeq: carried.seq, at: cell.startMs };
    if (segment !== null && meets(segment.from, segment.to, cell)) return { outcome: 'won', by: 'tick', tickSeq: tick.seq, at: tick.at };
    if (ended === 'lost') return { outcome: 'lost', tickSeq: tick.seq, at: tick.at };
    if (ended === 'void') return { outcome: 'void', reason: 'gap', at: end };
    before = tick;
  }
  const { carried, ended } = watchSilence(watch, before, maxGapMs, until);
  if (carried !== null && meets(carried.price, carried.price, cell)) return { outcome: 'won', by: 'carried', tickSeq: carried.seq, at: cell.startMs };
  return ended === 'void' ? { outcome: 'void', reason: 'gap', at: end } : { outcome: 'open' };
}

/** Takes one tick into a watched window. `before` is the tick before it in the log, null when there is none. */
export function watchTick(watch: Watch, before: PathPoint | null, tick: PathPoint, maxGapMs: number): WatchStep {
  if (tick.at < watch.startMs) return NOTHING;
  const unbroken = before !== null && tick.at - before.at <= maxGapMs;
  if (!unbroken && tick.at > watch.startMs) watch.broken = true;
  const carried = carriedInto(watch, before, maxGapMs);
  if (tick.at >= watch.startMs + watch.windowMs) return { carried, segment: null, ended: watch.broken ? 'void' : 'lost' };
  return { carried, segment: { from: unbroken ? before.price : tick.price, to: tick.price }, ended: null };
}

/** What the clock alone decides while no tick comes: the carried price at the opening, and a void once the silence is a gap. */
export function watchSilence(watch: Watch, last: PathPoint | null, maxGapMs: number, now: number): WatchStep {
  if (now < watch.startMs) return NOTHING;
  const silent = last === null || now - last.at > maxGapMs;
  const over = now >= watch.startMs + watch.windowMs;
  return { carried: carriedInto(watch, last, maxGapMs), segment: null, ended: over && (watch.broken || silent) ? 'void' : null };
}

/** The price carried into a window counts while it is no older than a gap may be. */
const carriedInto = (watch: Watch, before: PathPoint | null, maxGapMs: number): PathPoint | null =>
  before !== null && before.at < watch.startMs && watch.startMs - before.at <= maxGapMs ? before : null;

/** Whether the segment between two prices meets the closed band. */
export const meets = (from: Cents, to: Cents, cell: Pick<Cell, 'low' | 'high'>): boolean =>
  Math.max(from, to) >= cell.low && Math.min(from, to) <= cell.high;
