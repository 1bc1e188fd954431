import type { LocalLimiter, RateRule, RateVerdict } from '../ports/rates.ts';
import { Recency } from './recency.ts';

interface Bucket {
  tokens: number;
  at: number;
}

const KEYS_MAX = 100_000;
/** Buckets that one request looks at for removal: more than it can add. */
const SWEPT_PER_TAKE = 4;

/**
 * Token buckets by key. Only a bucket that is full again is ever forgotten, which is the same as never having
 * been used: nobody gets a fresh bucket by pushing his own out with other keys. While the map is full of used
 * buckets, keys that are not in it share one.
 */
export class Rates implements LocalLimiter {
  /** The ones that are likely full again stand in front. */
  readonly #buckets = new Recency<Bucket>();
  readonly #shared: Bucket;

  constructor(
    private readonly rule: RateRule,
    private readonly keysMax: number = KEYS_MAX,
  ) {
    this.#shared = { tokens: rule.limit, at: 0 };
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(key: string, now: number, cost = 1): RateVerdict {
    this.#sweep(now);
    const bucket = this.#bucketOf(key, now);
    this.#refill(bucket, now);
    const ok = bucket.tokens >= cost;
    if (ok) bucket.tokens -= cost;
    const { limit, windowMs } = this.rule;
    return {
      ok,
      remaining: Math.floor(bucket.tokens),
      limit,
      windowMs,
      resetMs: this.#msFor(limit - bucket.tokens),
      retryAfterMs: ok ? 0 : this.#msFor(Math.min(cost, limit) - bucket.tokens),
    };
  }

  #bucketOf(key: string, now: number): Bucket {
    const known = this.#buckets.touch(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.keysMax) return this.#shared;
    const bucket = { tokens: this.rule.limit, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** A clock that steps back neither gives nor takes tokens. */
  #refill(bucket: Bucket, now: number): void {
    bucket.tokens = Math.min(
      this.rule.limit,
      bucket.tokens + (Math.max(0, now - bucket.at) * this.rule.limit) / this.rule.windowMs,
    );
    bucket.at = now;
  }

  #sweep(now: number): void {
    for (let looked = 0; looked < SWEPT_PER_TAKE; looked++) {
      const first = this.#buckets.oldest;
      if (first === null) return;
      this.#refill(first.value, now);
      if (first.value.tokens < this.rule.limit) return;
      this.#buckets.delete(first.key);
    }
  }

  #msFor(tokens: number): number {
    return Math.max(0, Math.ceil((tokens * this.rule.windowMs) / this.rule.limit));
  }
}
