import type { Cell } from './grid.ts';
import { isGap, jumpCents, pointAt, touches, type PathPoint, type PathRule, type Segment } from './path.ts';

export type Resolution =
  | {
      readonly outcome: 'won';
      readonly by: 'carried' | 'tick';
      readonly tickSeq: number;
      readonly at: number;
    }
  | { readonly outcome: 'lost'; readonly tickSeq: number; readonly at: number }
  | { readonly outcome: 'void'; readonly reason: 'gap'; readonly at: number }
  | { readonly outcome: 'open' };

/** One window being watched by one rule. `broken` once a gap longer than `maxGapMs` overlapped it. */
export interface Watch {
  readonly startMs: number;
  readonly windowMs: number;
  readonly rule: PathRule;
  broken: boolean;
}

/** What one tick means for a watched window: prices that touch bands now, and whether the window is over. */
export interface WatchStep {
  /**
   * The tick whose price is that of the opening, told once: at the opening's own tick, else at the first one
   * after it.
   */
  readonly carried: PathPoint | null;
  /** The stretch of path that this tick adds inside the window; null when it adds none. */
  readonly segment: Segment | null;
  readonly ended: 'lost' | 'void' | null;
}

const NOTHING: WatchStep = { carried: null, segment: null, ended: null };

/**
 * The outcome of a cell as a pure function of the tick log and the rule that the bet was taken under.
 *
 * The path is the step function of recorded ticks; it is broken where two ticks are more than `maxGapMs`
 * apart. Won: at the window's opening when the price of the opening lies in the band: that of the newest tick
 * at or before it (in version 1 before it), unless a gap lies between; else at the first tick inside the
 * window (in version 2 after the opening) whose segment from the tick before meets the band, both ends
 * inside. Across a gap the tick's point alone counts. Void: not won, and a break overlaps the window. Lost:
 * not won, no break, and a tick at or after the window's end is there to show it.
 *
 * @param ticks in order, from the last one before the window on; more before and after do no harm.
 * @param until up to when the log is known to be complete, ms: the clock, or the last tick's time. At that
 *   very time a tick may yet come.
 */
export function resolve(cell: Cell, ticks: readonly PathPoint[], rule: PathRule, until: number): Resolution {
  const watch: Watch = { startMs: cell.startMs, windowMs: cell.windowMs, rule, broken: false };
  const end = cell.startMs + cell.windowMs;
  let before: PathPoint | null = null;
  for (const tick of ticks) {
    const { carried, segment, ended } = watchTick(watch, before, tick);
    if (carried !== null && touches(pointAt(carried.price), cell))
      return { outcome: 'won', by: 'carried', tickSeq: carried.seq, at: cell.startMs };
    if (segment !== null && touches(segment, cell))
      return { outcome: 'won', by: 'tick', tickSeq: tick.seq, at: tick.at };
    if (ended === 'lost') return { outcome: 'lost', tickSeq: tick.seq, at: tick.at };
    if (ended === 'void') return { outcome: 'void', reason: 'gap', at: end };
    before = tick;
  }
  const { carried, ended } = watchSilence(watch, before, until);
  if (carried !== null && touches(pointAt(carried.price), cell))
    return { outcome: 'won', by: 'carried', tickSeq: carried.seq, at: cell.startMs };
  return ended === 'void' ? { outcome: 'void', reason: 'gap', at: end } : { outcome: 'open' };
}

/**
 * Takes one tick into a watched window. `before` is the tick before it in the log, null when there is none.
 */
export function watchTick(watch: Watch, before: PathPoint | null, tick: PathPoint): WatchStep {
  const { startMs, windowMs, rule } = watch;
  if (tick.at < startMs) return NOTHING;
  if (rule.version >= 2 && tick.at === startMs) return { carried: tick, segment: null, ended: null };
  const joined = before !== null && !isGap(before, tick, rule.maxGapMs);
  if (!joined && tick.at > startMs) watch.broken = true;
  const carried = carriedInto(watch, before);
  if (tick.at >= startMs + windowMs) return { carried, segment: null, ended: watch.broken ? 'void' : 'lost' };
  const segment = joined
    ? { from: before.price, to: tick.price, jump: rule.version >= 2 ? jumpCents(before, tick) : 0 }
    : pointAt(tick.price);
  return { carried, segment, ended: null };
}

/**
 * What the clock alone decides while no tick comes: the carried price at the opening, and a void once the
 * silence is a gap.
 */
export function watchSilence(watch: Watch, last: PathPoint | null, now: number): WatchStep {
  const { startMs, windowMs, rule } = watch;
  if (now < startMs || (rule.version >= 2 && now === startMs)) return NOTHING;
  const silent = last === null || now - last.at > rule.maxGapMs;
  const over = now >= startMs + windowMs;
  return {
    carried: carriedInto(watch, last),
    segment: null,
    ended: over && (watch.broken || silent) ? 'void' : null,
  };
}

/** The price carried into a window counts while it is no older than a gap may be. */
const carriedInto = ({ startMs, rule }: Watch, before: PathPoint | null): PathPoint | null =>
  before !== null && before.at < startMs && startMs - before.at <= rule.maxGapMs ? before : null;
