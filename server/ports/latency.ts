import type { CountedDurations } from './counted.ts';

/** Bucket edges grow by 10 %: a quantile is right to within that. */
const GROWTH = 1.1;
const FIRST_MS = 0.05;
const BUCKETS = 160;
const BUCKETS_PER_E = 1 / Math.log(GROWTH);

/** A histogram of durations with fixed memory, 0.05 ms to several minutes. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sumMs = 0;

  record(ms: number): void {
    const bucket =
      ms <= FIRST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) * BUCKETS_PER_E));
    this.#counts[bucket]! += 1;
    this.#count += 1;
    this.#sumMs += ms;
  }

  /** Takes over what another process recorded; buckets that there are not are left out. */
  add({ sumMs, counts }: CountedDurations): void {
    this.#sumMs += sumMs;
    for (const [bucket, count] of counts) {
      if (bucket >= BUCKETS) continue;
      this.#counts[bucket]! += count;
      this.#count += count;
    }
  }

  /** All that was recorded. */
  counted(): CountedDurations {
    const counts = [...this.#counts].flatMap((count, bucket) =>
      count > 0 ? [[bucket, count] as const] : [],
    );
    return { sumMs: this.#sumMs, counts };
  }

  get count(): number {
    return this.#count;
  }

  get sumMs(): number {
    return this.#sumMs;
  }

  /** How many took at most so long, for each of the bounds, which must grow; right to within a bucket. */
  upTo(boundsMs: readonly number[]): number[] {
    let [bucket, found] = [0, 0];
    return boundsMs.map((boundMs) => {
      while (bucket < BUCKETS && FIRST_MS * GROWTH ** bucket <= boundMs) found += this.#counts[bucket++]!;
      return found;
    });
  }

  /** Upper edge of the bucket that holds the quantile, ms; 0 when nothing was recorded. */
  quantile(share: number): number {
    return quantileOf(this.#counts, this.#count, share);
  }

  /** How many were recorded, and their median and tail, ms. */
  summary(): { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number } {
    const [p50, p95, p99] = [this.quantile(0.5), this.quantile(0.95), this.quantile(0.99)];
    return { count: this.#count, p50, p95, p99 };
  }

  /** What was counted so far, for {@link since}. */
  counts(): Float64Array {
    return this.#counts.slice();
  }

  /** How many were recorded since then, and median and tail of those, ms. */
  since(before: Float64Array): { readonly count: number } & Record<'p50' | 'p95' | 'p99', number> {
    const counts = this.#counts.map((count, bucket) => count - (before[bucket] ?? 0));
    const count = counts.reduce((sum, one) => sum + one, 0);
    const of = (share: number): number => quantileOf(counts, count, share);
    return { count, p50: of(0.5), p95: of(0.95), p99: of(0.99) };
  }
}

function quantileOf(counts: Float64Array, count: number, share: number): number {
  if (count === 0) return 0;
  let left = share * count;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    left -= counts[bucket]!;
    if (left <= 0) return FIRST_MS * GROWTH ** bucket;
  }
  return FIRST_MS * GROWTH ** (BUCKETS - 1);
}
