import { micros, payoutOf, type Micros, type Multiplier } from './money.ts';

/** What the house expected of a bet when it was locked, by its odds model. */
export interface HouseEdge {
  /** Expected gain of the house, rounded to whole micro-dollars; below 0 it is the trader's. */
  readonly amount: Micros;
  /** The same as a share of the stake. */
  readonly share: number;
  /** The multiplier at which neither side expects to gain, hundredths; not rounded. */
  readonly fairMultiplier: number;
}

/**
 * The house's edge on one bet, from the probability P by which its model locked it at the multiplier M:
 *
 *     edge = stake − P × payout,  payout = floor(stake × M / 100)
 *
 * That is what the house gains on average over bets whose path touches the band with probability P: the stake
 * for certain, less the payout as often as it is due. As a share of the stake it is the house advantage
 * H₀ = −E[X] / E[B] of gambling mathematics (S. N. Ethier, The Doctrine of Chances, Springer 2010, ch. 6).
 * P is the model's own (docs/odds.md); what bets really returned is on the fairness page.
 *
 * @param stake above 0
 * @param probability P of the quote that locked it, [0, 1]
 */
export function houseEdge(stake: Micros, probability: number, locked: Multiplier): HouseEdge {
  const amount = micros(Math.round(stake - probability * payoutOf(stake, locked)));
  return { amount, share: amount / stake, fairMultiplier: 100 / probability };
}
