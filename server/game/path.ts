import type { Cell } from './grid.ts';
import type { Cents } from './price.ts';
import type { Tick } from './tick.ts';

/**
 * Versions of the rule of touch. A bet keeps the one that it was taken under for ever (docs/rules.md):
 *
 * - 1: the price when the window opens is that of the newest tick before it, even where a tick stands at the opening.
 * - 2: it is that of the newest tick at or before the opening, and the coming and going of venues draws no segment.
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

/** Whether nothing is known between two ticks that follow each other: what overlaps it and was not touched is void. Every version. */
export const isGap = (before: PathPoint, tick: PathPoint, maxGapMs: number): boolean => tick.at - before.at > maxGapMs;

/** A stretch of path between two ticks, cents; `jump` is how much of it the coming and going of venues alone made. */
export interface Segment {
  readonly from: Cents;
  readonly to: Cents;
  readonly jump: number;
}

/** How far the coming and going of venues alone moved the price between two ticks that follow each other, cents. */
export const jumpCents = (_before: PathPoint, _tick: PathPoint): number => 0;

/** Whether a segment meets the band, both ends inside. */
export const touches = ({ from, to }: Segment, { low, high }: Pick<Cell, 'low' | 'high'>): boolean => Math.max(from, to) >= low && Math.min(from, to) <= high;

/** A price alone. */
export const pointAt = (price: Cents): Segment => ({ from: price, to: price, jump: 0 });
