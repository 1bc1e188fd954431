import type { Cell } from './grid.ts';
import type { Cents } from './price.ts';
import { medianOf, type Tick, type TickSource } from './tick.ts';

/**
 * Versions of the rule of touch. A bet keeps the one that it was taken under for ever (docs/rules.md):
 *
 * - 1: the price when the window opens is that of the newest tick before it, even where a tick stands at the
 *   opening.
 * - 2: it is that of the newest tick at or before the opening, and the coming and going of venues draws no
 *   segment.
 */
export const RULE_VERSIONS = [1, 2] as const;
export type RuleVersion = (typeof RULE_VERSIONS)[number];

/** The version that new bets are taken under. */
export const RULE_VERSION: RuleVersion = 2;

/** By what a bet's path is drawn: its version, and the longest time between two ticks that is no gap. */
export interface PathRule {
  readonly version: RuleVersion;
  readonly maxGapMs: number;
}

export type PathPoint = Pick<Tick, 'seq' | 'at' | 'price' | 'sources'>;

/**
 * Whether nothing is known between two ticks that follow each other: what overlaps it and was not touched is
 * void. Every version.
 */
export const isGap = (before: PathPoint, tick: PathPoint, maxGapMs: number): boolean =>
  tick.at - before.at > maxGapMs;

/**
 * A stretch of path between two ticks, cents; `jump` is how much of it the coming and going of venues alone
 * made.
 */
export interface Segment {
  readonly from: Cents;
  readonly to: Cents;
  readonly jump: number;
}

/**
 * How far the coming and going of venues alone moved the price between two ticks that follow each other,
 * cents. With the venues that stand in both ticks: what those that went took along at the tick before, and
 * what those that came brought at this one,
 * |price before − median of them before| + |price − median of them now|. 0 where the venues are the same,
 * Infinity where none stands in both.
 */
export function jumpCents(before: PathPoint, tick: PathPoint): number {
  if (
    before.sources.length === tick.sources.length &&
    before.sources.every(({ venue }, index) => venue === tick.sources[index]?.venue)
  )
    return 0;
  const [then, now] = [new Map(before.sources.map(byVenue)), new Map(tick.sources.map(byVenue))];
  const stayed = [...now.keys()].filter((venue) => then.has(venue));
  if (stayed.length === then.size && stayed.length === now.size) return 0;
  if (stayed.length === 0) return Infinity;
  const medianIn = (prices: ReadonlyMap<string, Cents>) =>
    medianOf(stayed.flatMap((venue) => prices.get(venue) ?? []));
  return Math.abs(before.price - medianIn(then)) + Math.abs(tick.price - medianIn(now));
}

const byVenue = ({ venue, price }: TickSource): [string, Cents] => [venue, price];

/** Prices from the lowest to the highest, both ends inside. */
export interface Stretch {
  readonly low: number;
  readonly high: number;
}

/**
 * What a segment meets of bands of that height. Where venues that came or went made more of it than half
 * the height, nothing is drawn: the price at its end counts as a point.
 */
export function stretchOf({ from, to, jump }: Segment, height: number): Stretch {
  const start = isTorn(jump, height) ? to : from;
  return { low: Math.min(start, to), high: Math.max(start, to) };
}

/** Whether two stretches have a price in common. */
export const meet = (one: Stretch, other: Stretch): boolean => one.high >= other.low && one.low <= other.high;

/** Whether a segment meets the band, both ends inside. */
export const touches = (segment: Segment, band: Band): boolean =>
  meet(stretchOf(segment, heightOf(band)), band);

/** Whether the path leads in a line from one tick to the next that follows it, for a bet on that band. */
export const isJoined = (
  before: PathPoint,
  tick: PathPoint,
  { version, maxGapMs }: PathRule,
  band: Band,
): boolean =>
  !isGap(before, tick, maxGapMs) && (version < 2 || !isTorn(jumpCents(before, tick), heightOf(band)));

type Band = Pick<Cell, 'low' | 'high'>;

const isTorn = (jump: number, height: number): boolean => 2 * jump > height;

const heightOf = ({ low, high }: Band): number => high - low;

/** A price alone. */
export const pointAt = (price: Cents): Segment => ({ from: price, to: price, jump: 0 });
