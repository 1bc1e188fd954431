import { firstNotBefore } from './halving.ts';
/**
 * Median of the last `samplesMax` numbers, kept sorted: an insertion costs two binary searches and a short
 * move.
 */
export class RollingMedian {
  readonly #arrivals: number[] = [];
  readonly #sorted: number[] = [];
  #oldest = 0;

  constructor(readonly samplesMax: number) {
    if (!(samplesMax >= 1)) throw new RangeError(`no window: ${samplesMax}`);
  }

  add(sample: number): void {
    if (Number.isNaN(sample)) throw new RangeError('not a number');
    const leaves = this.#arrivals.length < this.samplesMax ? undefined : this.#arrivals[this.#oldest];
    if (leaves === undefined) this.#arrivals.push(sample);
    else {
      this.#sorted.splice(this.#rankOf(leaves), 1);
      this.#arrivals[this.#oldest] = sample;
      this.#oldest = (this.#oldest + 1) % this.samplesMax;
    }
    this.#sorted.splice(this.#rankOf(sample), 0, sample);
  }

  /** The lower one of two in the middle; 0 before the first sample. */
  get median(): number {
    return this.#sorted[(this.#sorted.length - 1) >> 1] ?? 0;
  }

  /** Index of the first sorted sample that is not below `value`. */
  #rankOf(value: number): number {
    return firstNotBefore(this.#sorted, (sorted) => sorted < value);
  }
}
