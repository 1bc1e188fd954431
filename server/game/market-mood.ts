import type { Volatility } from './volatility.ts';

/**
 * Until when no bets are taken, and until when the edge is larger; epoch ms, 0 for never. Both ends are
 * outside.
 */
export interface MarketMood {
  readonly pausedUntil: number;
  readonly fastUntil: number;
}

export const CALM: MarketMood = { pausedUntil: 0, fastUntil: 0 };

/** A 1-s move of more sigma than this stops sales. */
export const PAUSE_SHOCK = 5;
export const PAUSE_MS = 2000;
/** A 1-s move of more sigma, or a larger ratio of fast to slow volatility, makes a fast market. */
export const FAST_SHOCK = 3;
const FAST_RATIO = 3;
export const FAST_MS = 3000;

/** The mood after a tick at `at` (epoch ms): each time that a rule holds, its time starts again. */
export function moodAfter(
  previous: MarketMood,
  { shock, fastSlow }: Pick<Volatility, 'shock' | 'fastSlow'>,
  at: number,
): MarketMood {
  const paused = shock > PAUSE_SHOCK;
  const fast = shock > FAST_SHOCK || fastSlow > FAST_RATIO;
  if (!paused && !fast) return previous;
  return {
    pausedUntil: paused ? Math.max(previous.pausedUntil, at + PAUSE_MS) : previous.pausedUntil,
    fastUntil: fast ? Math.max(previous.fastUntil, at + FAST_MS) : previous.fastUntil,
  };
}
