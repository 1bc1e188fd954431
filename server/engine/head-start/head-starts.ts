import type { Tick } from '../../game/tick.ts';
import type { VenuePrice } from '../../game/venue-price.ts';
import { LatencyHistogram } from '../../ports/latency.ts';
import type { KeptHeadStarts, HeadStartFigures } from '../../ports/head-start.ts';
import type { PriceSource } from '../oracle.ts';
import { HeadStartCounts, spreadOf } from './head-start-counts.ts';
import { HeadStartWatch } from './head-start-watch.ts';

/** Longer pauses between two ticks were not watched. */
const WATCHED_GAP_MS_MAX = 1_000;

interface HeadStartOptions {
  readonly holdMs: number;
  readonly tickMs: number;
}

interface Newest {
  readonly at: number;
  readonly delayMs: number | null;
  readonly ages: LatencyHistogram;
  readonly delays: LatencyHistogram;
}

/**
 * How far venues run ahead of the tick: seen by {@link HeadStartWatch}, counted by {@link HeadStartCounts},
 * with the age of each venue's price at the tick. Whoever sees a venue before our tick does has that time to
 * tap at old odds; the hold has to be longer.
 */
export class HeadStarts {
  readonly #counts: HeadStartCounts;
  readonly #watch: HeadStartWatch;
  readonly #newest = new Map<string, Newest>();
  #tickAt = 0;

  /** @param source is heard from now on. */
  constructor(
    private readonly options: HeadStartOptions,
    private readonly source: Pick<PriceSource, 'simulated' | 'quorum' | 'venues'>,
  ) {
    const { names = [], onPrice } = source.venues ?? {};
    this.#counts = new HeadStartCounts(names);
    this.#watch = new HeadStartWatch((headStart) => this.#counts.add(headStart));
    onPrice?.((price) => this.#hear(price));
  }

  /** Whether it is known how long a hold has to be: also where nobody could be ahead. */
  get isMeasured(): boolean {
    return this.#counts.isMeasured || !this.#hasVenues;
  }

  /** @param sigmaBp of the price now, bp per √s. */
  onTick(tick: Tick, sigmaBp: number): void {
    const sinceMs = tick.at - this.#tickAt;
    if (sinceMs <= WATCHED_GAP_MS_MAX) this.#counts.watched(sinceMs);
    this.#tickAt = tick.at;
    for (const { venue } of tick.sources) {
      const newest = this.#newest.get(venue);
      if (newest === undefined) continue;
      newest.ages.record(Math.max(0, tick.at - newest.at));
      if (newest.delayMs !== null) newest.delays.record(newest.delayMs);
    }
    this.#watch.onTick(tick, sigmaBp);
  }

  figures(): HeadStartFigures {
    const { venues, ...figures } = this.#counts.figures();
    const none = new LatencyHistogram();
    return {
      state: !this.#hasVenues ? 'not-needed' : this.#counts.isMeasured ? 'measured' : 'measuring',
      holdMs: this.options.holdMs,
      ...figures,
      venues: venues.map((venue) => {
        const { ages, delays } = this.#newest.get(venue.venue) ?? {};
        return { ...venue, age: spreadOf(ages ?? none), delay: spreadOf(delays ?? none) };
      }),
    };
  }

  kept(): KeptHeadStarts {
    return { oracle: this.#oracle, ...this.#counts.kept() };
  }

  /** Continues the measurement of an earlier run, unless the oracle is another one now. */
  restore(kept: KeptHeadStarts): void {
    if (kept.oracle === this.#oracle) this.#counts.restore(kept);
  }

  /** Recorded and simulated prices are the tick itself. `auto` may turn out to be one of them. */
  get #hasVenues(): boolean {
    return !this.source.simulated && this.source.venues !== undefined;
  }

  /** What the measurement depends on. */
  get #oracle(): string {
    return `${this.source.venues?.names ?? ''} ${this.source.quorum} ${this.options.tickMs}`;
  }

  #hear(price: VenuePrice): void {
    const { venue, at, exchangeAt } = price;
    const delayMs = exchangeAt === null ? null : Math.max(0, at - exchangeAt);
    const { ages = new LatencyHistogram(), delays = new LatencyHistogram() } = this.#newest.get(venue) ?? {};
    this.#newest.set(venue, { at, delayMs, ages, delays });
    this.#watch.onPrice(price);
  }
}
