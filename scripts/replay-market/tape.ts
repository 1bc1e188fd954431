import { firstOf, lastOf } from '../../server/feed/recording-density.ts';
import { isCents, type Cents } from '../../server/game/price.ts';
import type { TickSource } from '../../server/game/tick.ts';
import type { Recording } from '../../server/feed/recording.ts';
import { ReplayFeed } from '../../server/feed/replay.ts';

/** A recording on the simulated clock: moved by less than one window, so that it begins with one. */
export class Tape {
  readonly label: string;
  readonly startAt: number;
  /** Time of its last row. */
  readonly endAt: number;
  readonly #feed: ReplayFeed;

  constructor(recording: Recording, windowMs: number) {
    const first = firstOf(recording.times);
    this.startAt = Math.ceil(first / windowMs) * windowMs;
    this.endAt = this.startAt + lastOf(recording.times) - first;
    this.#feed = new ReplayFeed(recording, { now: () => this.startAt });
    this.label = this.#feed.label;
    void this.#feed.start();
  }

  /** The one venue of a replay, at any time of the tape; nothing inside a gap. */
  sample(at: number): TickSource[] {
    return this.#feed.sample(at);
  }

  priceAt = (at: number): Cents | null => this.sample(at)[0]?.price ?? null;
}

/**
 * The first minutes of a recording, at scaled prices (to the nearest cent). @returns null when a scaled price
 * is none.
 */
export function excerptOf(
  { file, times, prices }: Recording,
  limitMinutes: number | null,
  scalePrice: number,
): Recording | null {
  const until = limitMinutes === null ? Infinity : firstOf(times) + limitMinutes * 60_000;
  const after = times.findIndex((time) => time > until);
  const rows = after === -1 ? times.length : after;
  const scaled =
    scalePrice === 1
      ? prices.slice(0, rows)
      : prices.slice(0, rows).map((price) => Math.round(price * scalePrice));
  return scaled.every(isCents) ? { file, times: times.slice(0, rows), prices: scaled } : null;
}
