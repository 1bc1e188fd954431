/** Time as the feed needs it, so that a test can move it by hand. */
export interface Clock {
  /** UTC epoch ms. */
  now(): number;
  /** Runs once, `ms` from now. @returns a function that calls it off */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
