/** `limit` tokens that refill evenly over `windowMs`; all of them may be spent at once. */
export interface RateRule {
  readonly limit: number;
  readonly windowMs: number;
}

/** The rule that a refusal follows from, by its name. */
export interface RatePolicy extends RateRule {
  readonly name: string;
}

/**
 * What the rate-limit headers say: `limit` in `windowMs`. `resetMs`: until the bucket is full again;
 * `retryAfterMs`: until this request would pass, 0 when it did.
 */
export interface RateVerdict extends RateRule {
  readonly ok: boolean;
  readonly remaining: number;
  readonly resetMs: number;
  readonly retryAfterMs: number;
}

export interface Limiter {
  /**
   * Takes `cost` (1) tokens from the key's bucket at `now` (UTC epoch ms), or none when there are fewer. A
   * `cost` above the limit never passes.
   */
  take(key: string, now: number, cost?: number): RateVerdict | Promise<RateVerdict>;
}

/** The buckets of this process alone. */
export interface LocalLimiter extends Limiter {
  take(key: string, now: number, cost?: number): RateVerdict;
}
