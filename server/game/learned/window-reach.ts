import {
  meet,
  pointAt,
  stretchOf,
  type PathPoint,
  type PathRule,
  type Segment,
  type Stretch,
} from '../path.ts';
import { watchTick, type Watch } from '../resolution.ts';

/**
 * What of the scale of prices the path of one window met, by the rule that decides bets: for all bands of one
 * height at once, since by how much of a jump a line is torn hangs on the height alone.
 */
export class WindowReach {
  readonly #watch: Watch;
  /** Apart from each other, in no order. One, but where venues came or went. */
  #stretches: readonly Stretch[] = [];
  #isOver = false;

  constructor(
    readonly startMs: number,
    readonly windowMs: number,
    private readonly band: number,
    rule: PathRule,
  ) {
    this.#watch = { startMs, windowMs, rule, broken: false };
  }

  /** Takes a tick with the one before it in the log. */
  onTick(before: PathPoint | null, tick: PathPoint): void {
    if (this.#isOver) return;
    const { carried, segment, ended } = watchTick(this.#watch, before, tick);
    if (carried !== null) this.#add(pointAt(carried.price));
    if (segment !== null) this.#add(segment);
    if (ended !== null) this.#isOver = true;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether a gap lay in the window: untouched cells are void, so it says nothing of how often cells are. */
  get isVoid(): boolean {
    return this.#watch.broken;
  }

  /** Whether a band of this window's height was met, both ends inside. */
  touched(band: Stretch): boolean {
    return this.#stretches.some((stretch) => meet(stretch, band));
  }

  #add(segment: Segment): void {
    let joined = stretchOf(segment, this.band);
    const apart: Stretch[] = [];
    for (const stretch of this.#stretches)
      if (meet(stretch, joined))
        joined = { low: Math.min(joined.low, stretch.low), high: Math.max(joined.high, stretch.high) };
      else apart.push(stretch);
    this.#stretches = [...apart, joined];
  }
}
