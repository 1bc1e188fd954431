import { micros, type Micros } from './money.ts';

/** A stake of one's own is a whole number of these: cents. */
export const STAKE_STEP = micros(10_000);

/** What may be staked besides the presets: whole cents from the smallest to the largest of them. */
export interface StakeRange {
  readonly min: Micros;
  readonly max: Micros;
}

/** @param stakes the presets of a house, at least one, in any order. */
export const stakeRange = (stakes: readonly Micros[]): StakeRange => ({
  min: micros(Math.min(...stakes)),
  max: micros(Math.max(...stakes)),
});

/** Whether a house with these presets takes the stake. */
export function isOffered(stake: Micros, stakes: readonly Micros[]): boolean {
  if (stakes.includes(stake)) return true;
  const { min, max } = stakeRange(stakes);
  return stake % STAKE_STEP === 0 && stake >= min && stake <= max;
}
