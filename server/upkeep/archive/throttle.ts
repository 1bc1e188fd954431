export interface ThrottleLimits {
  /** Rows that one commit of the server deletes at most. */
  readonly sliceRows: number;
  /** Time of the writer that a slice may take, ms; more where a commit lasts long anyway. */
  readonly sliceMs: number;
  /** Writer's time that others have at least, as a multiple of what a slice took. */
  readonly restShare: number;
}

const ROWS_AT_START = 200;
const ROWS_MIN = 20;
const GROWTH_MAX = 1.5;
/**
 * Of a commit that lasts long, because much waits for it, a slice may take this share: one of fixed length
 * would stand still while the books grow.
 */
const COMMIT_SHARE = 0.1;

/**
 * How many rows the archiver deletes at once, and how long it rests then: larger slices cost less in all,
 * smaller ones let taps in sooner.
 */
export class Throttle {
  #rows: number;

  constructor(private readonly limits: ThrottleLimits) {
    this.#rows = Math.min(limits.sliceRows, ROWS_AT_START);
  }

  /** Of the next slice. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * @param tookMs of the writer for the last slice. @param passedMs from the order to the answer, the commit
   * that it came in included.
   */
  fit(tookMs: number, passedMs: number): void {
    const { sliceRows, sliceMs } = this.limits;
    const allowedMs = Math.max(sliceMs, passedMs * COMMIT_SHARE);
    const wanted = this.#rows * Math.min(GROWTH_MAX, allowedMs / Math.max(tookMs, 0.1));
    this.#rows = Math.min(sliceRows, Math.max(ROWS_MIN, Math.ceil(wanted)));
  }

  /** What is left of the others' time, ms: while an answer was waited for, the writer worked for them. */
  restMs(tookMs: number, passedMs: number): number {
    return Math.max(0, tookMs * this.limits.restShare - (passedMs - tookMs));
  }
}
