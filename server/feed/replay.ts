import { cents, type Cents } from '../game/price.ts';
import type { TickSource } from '../game/tick.ts';
import { noCounts, type Feed, type VenueStatus } from './feed.ts';
import { firstOf, isGapAt, isThinAt, lastOf, lastRowAt } from './recording-density.ts';
import type { Recording } from './recording.ts';

/**
 * Between the last row and the first of the next round nothing is quoted, for the price jumps there: so long
 * unless told.
 */
export const REPLAY_SEAM_MS = 10_000;

export interface ReplayOptions {
  /** Begin again at the end; otherwise the feed ends. */
  readonly loop?: boolean;
  /**
   * Time between two rounds, ms. No bet that was taken in one round is decided by the next when every window
   * on offer fits into it.
   */
  readonly seamMs?: number;
  readonly now?: () => number;
}

/**
 * Recorded prices at real pace, shifted so that the first row falls on the start: one venue that is alive
 * outside the recording's gaps.
 */
export class ReplayFeed implements Feed {
  readonly name = 'replay';
  readonly simulated = true;
  readonly quorum = 1;
  readonly label: string;
  private startAt: number | null = null;

  constructor(
    private readonly recording: Recording,
    private readonly options: ReplayOptions = {},
  ) {
    this.label = `recorded prices: ${recording.file}`;
  }

  async start(): Promise<void> {
    this.startAt ??= (this.options.now ?? Date.now)();
  }

  stop(): void {
    this.startAt = null;
  }

  sample(at: number): TickSource[] {
    const price = this.priceAt(at);
    return price === null ? [] : [{ venue: 'replay', price }];
  }

  status(at: number): VenueStatus[] {
    const price = this.priceAt(at);
    const state = this.startAt === null ? 'stopped' : this.hasEnded(at) ? 'ended' : 'open';
    const quoteAt = price === null ? null : at;
    return [
      {
        venue: 'replay',
        state,
        alive: price !== null,
        price,
        quoteAt,
        signAt: quoteAt,
        note: state === 'ended' ? 'the recording is over' : null,
        counters: noCounts(),
      },
    ];
  }

  isThin(at: number): boolean {
    const time = this.timeAt(at);
    return time !== null && isThinAt(this.recording, time);
  }

  private priceAt(at: number): Cents | null {
    const time = this.timeAt(at);
    return time === null ? null : priceIn(this.recording, time);
  }

  /** Recorded time that plays at `at`; null before the start and after the end. */
  private timeAt(at: number): number | null {
    if (this.startAt === null || at < this.startAt || this.hasEnded(at)) return null;
    const elapsed = at - this.startAt;
    return (
      firstOf(this.recording.times) +
      (this.options.loop
        ? elapsed % (spanOf(this.recording) + (this.options.seamMs ?? REPLAY_SEAM_MS))
        : elapsed)
    );
  }

  hasEnded(at: number): boolean {
    return !this.options.loop && this.startAt !== null && at - this.startAt > spanOf(this.recording);
  }
}

/**
 * The same prices in simulated time, for an engine that runs as fast as it can: one tick every `tickMs` from
 * `from` (the time that the first row is moved to) to the last row. Inside a gap of the recording there is no
 * tick.
 */
export function* ticksOf(
  recording: Recording,
  { tickMs, from }: { tickMs: number; from: number },
): Generator<{ at: number; price: Cents }> {
  const { times } = recording;
  const shift = from - firstOf(times);
  let row = 0;
  for (let at = from; at - from <= spanOf(recording); at += tickMs) {
    while ((times[row + 1] ?? Infinity) + shift <= at) row++;
    if (!isGapAt(times, row, at - shift)) yield { at, price: priceOf(recording, row) };
  }
}

const priceOf = ({ prices }: Recording, row: number): Cents => cents(prices[row] ?? Number.NaN);

const spanOf = ({ times }: Recording): number => lastOf(times) - firstOf(times);

/** Price carried into recorded time `time`; null after the last row and inside a gap. */
function priceIn(recording: Recording, time: number): Cents | null {
  const { times } = recording;
  const row = lastRowAt(times, time);
  return row < 0 || time > lastOf(times) || isGapAt(times, row, time) ? null : priceOf(recording, row);
}
