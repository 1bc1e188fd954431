/**
 * What to say when all exchanges tell the same other time: the fault is here, not there.
 * @param ms exchange time less this machine's
 */
export const clockOffWords = (ms: number): string =>
  `this machine's clock is ${(Math.abs(ms) / 1_000).toFixed(1)} s ` +
  `${ms > 0 ? 'behind' : 'ahead of'} the exchanges`;
