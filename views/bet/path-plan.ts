import { nearestApproach, type Approach } from '../../server/game/approach.ts';
import type { Bet } from '../../server/game/bet.ts';
import { isJoined, type PathPoint } from '../../server/game/path.ts';
import { isAtOpening } from './summary.tsx';

/** The picture of a path, in the units of its drawing. */
export const PICTURE = { width: 480, height: 232, left: 4, right: 66, top: 20, bottom: 28 } as const;

/**
 * What is shown of the path before and after the window, in windows: as far as a receipt has ticks. The price
 * that the window opens with is always shown.
 */
const MARGIN_SHARE = 0.05;
const MARGIN_SHARE_MAX = 0.3;

/** A price of the path and where it stands; `joined` where a line leads to it from the one before. */
export interface PlannedPoint {
  readonly tick: PathPoint;
  readonly x: number;
  readonly y: number;
  readonly joined: boolean;
}

/** Where everything of a bet's picture stands. */
export interface PathPlan {
  /** From when to when it reaches, UTC epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Up to when prices are known: a bet may be won while its window is open. */
  readonly until: number;
  readonly points: readonly PlannedPoint[];
  /** The tick that won it, at its time or at the opening. */
  readonly touch: (PlannedPoint & { readonly at: number }) | null;
  /** Of a lost bet, where the price came nearest. */
  readonly miss: (Approach & { readonly x: number; readonly y: number; readonly endY: number }) | null;
  readonly xOf: (at: number) => number;
  readonly yOf: (price: number) => number;
}

/**
 * @param ticks in order @param maxGapMs the longest time without a tick that is no gap for the bet
 */
export function planPath(bet: Bet, ticks: readonly PathPoint[], maxGapMs: number): PathPlan {
  const { startMs, windowMs, low, high } = bet.cell;
  const { width, height, left, right, top, bottom } = PICTURE;
  const to = startMs + windowMs * (1 + MARGIN_SHARE);
  const opening = ticks.findLast(({ at }) => at <= startMs)?.at ?? startMs;
  const latest = Math.min(startMs - windowMs * MARGIN_SHARE, opening);
  const from = Math.max(latest, startMs - windowMs * MARGIN_SHARE_MAX);
  const shown = ticks.filter(({ at }) => at >= Math.min(from, opening) && at <= to);
  const prices = [low, high, ...shown.map(({ price }) => price)];
  const pad = (Math.max(...prices) - Math.min(...prices)) * 0.08 + 1;
  const [floor, ceiling] = [Math.min(...prices) - pad, Math.max(...prices) + pad];
  const xOf = (at: number): number =>
    left + ((Math.max(at, from) - from) / (to - from)) * (width - left - right);
  const yOf = (price: number): number =>
    top + ((ceiling - price) / (ceiling - floor)) * (height - top - bottom);
  const rule = { version: bet.rule, maxGapMs };
  const points = shown.map((tick, index) => {
    const before = shown[index - 1];
    const joined = before !== undefined && isJoined(before, tick, rule, bet.cell);
    return { tick, x: xOf(tick.at), y: yOf(tick.price), joined };
  });
  const touch = touchOf(bet, points, xOf);
  const until = Math.max(from, touch?.at ?? 0, shown.at(-1)?.at ?? 0);
  return { from, to, until, points, touch, miss: missOf(bet, ticks, xOf, yOf), xOf, yOf };
}

function touchOf(bet: Bet, points: readonly PlannedPoint[], xOf: PathPlan['xOf']): PathPlan['touch'] {
  const point = bet.status === 'won' ? points.find(({ tick }) => tick.seq === bet.closedTick) : undefined;
  if (point === undefined) return null;
  const at = isAtOpening(bet, point.tick) ? bet.cell.startMs : point.tick.at;
  return { ...point, x: xOf(at), at };
}

function missOf(
  bet: Bet,
  ticks: readonly PathPoint[],
  xOf: PathPlan['xOf'],
  yOf: PathPlan['yOf'],
): PathPlan['miss'] {
  const nearest = bet.status === 'lost' ? nearestApproach(bet.cell, ticks) : null;
  return (
    nearest && {
      ...nearest,
      x: xOf(nearest.tick.at),
      y: yOf(nearest.tick.price),
      endY: yOf(nearest.end),
    }
  );
}
