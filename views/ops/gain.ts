import type { MeanGain } from '../../server/game/mark-sums.ts';

/** `+8.1 % (+2.0 to +14.2)`: the mean gain of a stake with its interval. */
export const gainText = ({ mean, low, high }: MeanGain): string =>
  `${signed(mean)} % (${signed(low)} to ${signed(high)})`;

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`;
