import type { Cell } from './grid.ts';
import type { PathPoint } from './path.ts';
import type { Cents } from './price.ts';

/** Where a path came nearest to a band that it did not touch. */
export interface Approach {
  readonly tick: PathPoint;
  /** From the price to the nearer end of the band, cents; above 0. */
  readonly missedBy: number;
  /** That end. */
  readonly end: Cents;
}

/**
 * The tick inside the window whose price came nearest to the band, the first of several; null where there is
 * none, or one is in the band.
 */
export function nearestApproach(
  { startMs, windowMs, low, high }: Cell,
  ticks: readonly PathPoint[],
): Approach | null {
  let nearest: Approach | null = null;
  for (const tick of ticks) {
    if (tick.at < startMs || tick.at >= startMs + windowMs) continue;
    const end = tick.price < low ? low : high;
    const missedBy = tick.price < low ? low - tick.price : tick.price - high;
    if (missedBy <= 0) return null;
    if (nearest === null || missedBy < nearest.missedBy) nearest = { tick, missedBy, end };
  }
  return nearest;
}
