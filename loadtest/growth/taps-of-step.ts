export interface Stretch {
  /** Time of the house, and the latest one that it may come to; UTC epoch ms. */
  readonly from: number;
  readonly until: number;
  readonly stepMs: number;
}

/**
 * How many taps to try in one step, so that as many as asked for are taken, or more where the time that is
 * left would be too short. Asked again before each step, it keeps the house from overtaking the present.
 * @param share of the taps tried so far that were taken.
 * @returns null when not one more step fits.
 */
export function tapsOfStep(
  left: number,
  perSecond: number,
  share: number,
  { from, until, stepMs }: Stretch,
): number | null {
  const steps = Math.floor((until - from) / stepMs);
  return steps < 1
    ? null
    : Math.ceil(Math.max((perSecond * stepMs) / 1000, left / steps) / Math.max(share, SHARE_MIN));
}

/** Where hardly anything is taken more tries are no use. */
const SHARE_MIN = 0.1;
