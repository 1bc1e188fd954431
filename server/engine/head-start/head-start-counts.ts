import { LatencyHistogram } from '../../ports/latency.ts';
import {
  HOLD_SPARE_MS,
  HEAD_STARTS_NEEDED,
  type KeptHeadStarts,
  type HeadStartFigures,
  type Spread,
} from '../../ports/head-start.ts';
import type { HeadStart } from './head-start-watch.ts';

/** With so many all counts are halved: what is older than some thousand head starts fades. */
export const HEAD_STARTS_KEPT_MAX = 4_000;
/** Proposals are whole hundredths of a second. */
const PROPOSED_STEP_MS = 10;
/** Samples of which the largest exceeds the percentile with 95 % confidence: ln 0.05 / ln share. */
const KNOWN_FROM = { p50: 5, p90: 29, p99: 299 } as const;

interface Venue {
  first: number;
  missed: number;
  behind: LatencyHistogram;
}

/** Head starts by how long they were and who had them: all that is kept, of a fixed size. */
export class HeadStartCounts {
  #tick = new LatencyHistogram();
  #ahead = new LatencyHistogram();
  #takenBack = 0;
  #alone = 0;
  #watchedMs = 0;
  readonly #venues: ReadonlyMap<string, Venue>;

  /** @param venues that there can be; others are not counted. */
  constructor(venues: readonly string[]) {
    this.#venues = new Map(
      venues.map((venue) => [venue, { first: 0, missed: 0, behind: new LatencyHistogram() }]),
    );
  }

  watched(ms: number): void {
    this.#watchedMs += ms;
  }

  add({ venue, end, tickMs, delayMs, behindMs }: HeadStart): void {
    if (end === 'taken-back') this.#takenBack += 1;
    if (end === 'alone') this.#alone += 1;
    if (tickMs === null) return;
    this.#tick.record(tickMs);
    this.#ahead.record(tickMs + (delayMs ?? 0));
    for (const [name, counted] of this.#venues) {
      if (name === venue) counted.first += 1;
      const ms = behindMs.get(name);
      if (ms === null) counted.missed += 1;
      else if (ms !== undefined) counted.behind.record(ms);
    }
    if (this.#ahead.count >= HEAD_STARTS_KEPT_MAX) this.#halve();
  }

  /** The 99th percentile is known. */
  get isMeasured(): boolean {
    return this.#ahead.count >= HEAD_STARTS_NEEDED;
  }

  figures(): Omit<HeadStartFigures, 'state' | 'holdMs' | 'venues'> & {
    readonly venues: readonly {
      readonly venue: string;
      readonly first: number;
      readonly missed: number;
      readonly behind: Spread;
    }[];
  } {
    const headStarts = this.#ahead.count;
    const ahead = spreadOf(this.#ahead);
    const missing = HEAD_STARTS_NEEDED - headStarts;
    return {
      proposedHoldMs: this.isMeasured && ahead.p99 !== null ? proposed(ahead.p99) : null,
      headStarts,
      needed: HEAD_STARTS_NEEDED,
      remainingMs:
        headStarts > 0 && missing > 0 ? Math.round((this.#watchedMs / headStarts) * missing) : null,
      watchedMs: this.#watchedMs,
      tick: spreadOf(this.#tick),
      ahead,
      takenBack: this.#takenBack,
      alone: this.#alone,
      venues: [...this.#venues].map(([venue, { first, missed, behind }]) => ({
        venue,
        first,
        missed,
        behind: spreadOf(behind),
      })),
    };
  }

  kept(): Omit<KeptHeadStarts, 'oracle'> {
    return {
      watchedMs: this.#watchedMs,
      tick: this.#tick.counted(),
      ahead: this.#ahead.counted(),
      takenBack: this.#takenBack,
      alone: this.#alone,
      venues: [...this.#venues].map(([venue, { first, missed, behind }]) => ({
        venue,
        first,
        missed,
        behind: behind.counted(),
      })),
    };
  }

  restore(kept: Omit<KeptHeadStarts, 'oracle'>): void {
    this.#watchedMs += kept.watchedMs;
    this.#tick.add(kept.tick);
    this.#ahead.add(kept.ahead);
    this.#takenBack += kept.takenBack;
    this.#alone += kept.alone;
    for (const { venue, first, missed, behind } of kept.venues) {
      const counted = this.#venues.get(venue);
      if (counted === undefined) continue;
      counted.first += first;
      counted.missed += missed;
      counted.behind.add(behind);
    }
  }

  #halve(): void {
    this.#tick = halved(this.#tick);
    this.#ahead = halved(this.#ahead);
    for (const counted of this.#venues.values()) {
      counted.behind = halved(counted.behind);
      counted.first = Math.floor(counted.first / 2);
      counted.missed = Math.floor(counted.missed / 2);
    }
    this.#takenBack = Math.floor(this.#takenBack / 2);
    this.#alone = Math.floor(this.#alone / 2);
    this.#watchedMs = Math.floor(this.#watchedMs / 2);
  }
}

/** Percentiles are the upper edges of their buckets, up to 10 % above what was recorded. */
export function spreadOf(durations: LatencyHistogram): Spread {
  const { count } = durations;
  const known = (share: number, from: number): number | null =>
    count < from ? null : Math.ceil(durations.quantile(share));
  return {
    count,
    p50: known(0.5, KNOWN_FROM.p50),
    p90: known(0.9, KNOWN_FROM.p90),
    p99: known(0.99, KNOWN_FROM.p99),
  };
}

const proposed = (p99Ms: number): number =>
  Math.ceil((p99Ms + HOLD_SPARE_MS) / PROPOSED_STEP_MS) * PROPOSED_STEP_MS;

/** Half of each bucket, rounded up: a long head start that happened once is not forgotten by rounding. */
function halved(durations: LatencyHistogram): LatencyHistogram {
  const half = new LatencyHistogram();
  const { sumMs, counts } = durations.counted();
  half.add({
    sumMs: sumMs / 2,
    counts: counts.map(([bucket, count]) => [bucket, Math.ceil(count / 2)] as const),
  });
  return half;
}
