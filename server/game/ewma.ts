import { exp } from './normal.ts';

/**
 * Exponentially weighted mean with a half-life counted in samples: Σ 2^(−k/h)·x₍ₜ₋ₖ₎ / Σ 2^(−k/h) over the
 * samples so far, so that the first ones weigh no more than their age says.
 */
export class Ewma {
  readonly #keep: number;
  #sum = 0;
  #weight = 0;

  constructor(halfLifeSamples: number) {
    this.#keep = exp(-Math.LN2 / halfLifeSamples);
  }

  add(sample: number): void {
    this.#sum = this.#keep * this.#sum + sample;
    this.#weight = this.#keep * this.#weight + 1;
  }

  /** 0 before the first sample. */
  get mean(): number {
    return this.#weight === 0 ? 0 : this.#sum / this.#weight;
  }

  reset(): void {
    this.#sum = 0;
    this.#weight = 0;
  }
}
