import type { LatencyPoint } from '../ports/operations.ts';
import type { LatencyHistogram } from '../ports/latency.ts';

const POINT_MS = 60_000;
const POINTS_MAX = 60;

/** How long something took in each minute of the last hour. */
export class LatencyRing {
  readonly #points: LatencyPoint[] = [];
  #before: Float64Array;
  #due: number;

  constructor(
    private readonly latency: LatencyHistogram,
    now: number,
  ) {
    this.#before = latency.counts();
    this.#due = now + POINT_MS;
  }

  /** Ends a minute when it is over; call it as often as you like. */
  step(now: number): void {
    if (now < this.#due && now > this.#due - 2 * POINT_MS) return;
    this.#points.push(this.#point(now));
    if (this.#points.length > POINTS_MAX) this.#points.shift();
    this.#before = this.latency.counts();
    this.#due = now + POINT_MS;
  }

  /** Oldest first; the minute under way comes last. */
  points(now: number): readonly LatencyPoint[] {
    return [...this.#points, this.#point(now)];
  }

  #point(at: number): LatencyPoint {
    return { at, ...this.latency.since(this.#before) };
  }
}
