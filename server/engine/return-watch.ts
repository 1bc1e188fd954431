import { BUCKET_EDGES, bucketName, bucketOf, quotedReturn, strayBound } from '../game/returns.ts';
import { CURRENCIES, MICROS_PER_DOLLAR, type Currency, type Micros } from '../game/money.ts';
import type { QuotedTerms } from '../game/returns.ts';
import type { ReturnReading, ReturnWeek } from '../ports/readings.ts';

/**
 * Bets of so long are one step: those of one window, and of windows that lie over each other, hang together,
 * and a step has to be larger than what hangs together.
 */
export const STEP_MS = 5 * 60_000;
/**
 * Of one bucket in one week: with some 400 of these a year a fair house is accused about once in 25 years.
 */
export const ALPHA = 0.0001;
/** The variance at which the bound is sharpest, dollars squared: that of some thousand bets of $5 at 3×. */
const TIGHTEST = 100_000;
const WEEK_MS = 7 * 86_400_000;
/** 1970-01-05, the first Monday. */
const MONDAY_MS = 4 * 86_400_000;

interface Bucket {
  /** What traders got above the quote in the steps that have ended, dollars, and the variance of that. */
  excess: number;
  variance: number;
  /** The same of the step that runs; its variance is the one that the quotes say. */
  stepExcess: number;
  stepVariance: number;
}

/**
 * Whether traders get back more than was quoted, beyond chance, however often it is looked at: a sequential
 * test for each currency and bucket of multipliers, restarted each Monday at midnight UTC, so that a late
 * fault does not first have to use up old luck.
 */
export class ReturnWatch {
  #week = 0;
  #step = 0;
  #buckets = new Map<string, Bucket>();

  /** Takes a bet that was won or lost; its multiplier is the locked one, in hundredths. */
  close(
    currency: Currency,
    multiplier: number,
    stake: Micros,
    payout: Micros,
    terms: QuotedTerms,
    at: number,
  ): void {
    this.#advance(at);
    const name = bucketOf(multiplier);
    if (name === null) return;
    const quoted = quotedReturn(multiplier, terms);
    const dollars = stake / MICROS_PER_DOLLAR;
    const bucket = this.#bucket(`${currency} ${name}`);
    bucket.stepExcess += (payout - stake * quoted) / MICROS_PER_DOLLAR;
    bucket.stepVariance += dollars ** 2 * quoted * (multiplier / 100 - quoted);
  }

  /** Of the steps that have ended; buckets without a bet are left out. */
  readings(at: number): ReturnReading[] {
    this.#advance(at);
    return CURRENCIES.flatMap((currency) =>
      BUCKET_EDGES.slice(1).flatMap((to, index): ReturnReading[] => {
        const bucket = bucketName(BUCKET_EDGES[index]!, to);
        const found = this.#buckets.get(`${currency} ${bucket}`);
        if (found === undefined) return [];
        const { excess, variance } = found;
        return [{ currency, bucket, excess, bound: strayBound(variance, ALPHA, TIGHTEST) }];
      }),
    );
  }

  /** What is kept over a restart: the steps that have ended. */
  state(at: number): ReturnWeek {
    this.#advance(at);
    const buckets = [...this.#buckets].map(
      ([name, { excess, variance }]) => [name, excess, variance] as const,
    );
    return { week: this.#week, buckets };
  }

  /** Continues the week of an earlier run, if it is still the current one. */
  restore({ week, buckets }: ReturnWeek, at: number): void {
    this.#advance(at);
    if (week !== this.#week) return;
    for (const [name, excess, variance] of buckets)
      this.#buckets.set(name, { excess, variance, stepExcess: 0, stepVariance: 0 });
  }

  #advance(at: number): void {
    const step = Math.floor(at / STEP_MS);
    if (step !== this.#step) this.#endStep(step);
    const week = Math.floor((at - MONDAY_MS) / WEEK_MS);
    if (week === this.#week) return;
    this.#week = week;
    this.#buckets = new Map();
  }

  #endStep(step: number): void {
    this.#step = step;
    for (const bucket of this.#buckets.values()) {
      bucket.excess += bucket.stepExcess;
      bucket.variance += Math.max(bucket.stepExcess ** 2, bucket.stepVariance);
      [bucket.stepExcess, bucket.stepVariance] = [0, 0];
    }
  }

  #bucket(name: string): Bucket {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined)
      this.#buckets.set(name, (bucket = { excess: 0, variance: 0, stepExcess: 0, stepVariance: 0 }));
    return bucket;
  }
}
