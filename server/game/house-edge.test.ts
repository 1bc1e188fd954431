import { describe, expect, test } from 'bun:test';
import { houseEdge } from './house-edge.ts';
import { dollars, micros, multiplier } from './money.ts';

describe("the house's edge on one bet", () => {
  test.each([
    // Half the time $20 for $10: nobody gains.
    ['a fair bet', dollars(10), 0.5, 200, 0, 0],
    ['a bet of 5 %', dollars(10), 0.5, 190, 500_000, 0.05],
    ['what cannot be touched', dollars(25), 0, 2500, 25_000_000, 1],
    ['what is sure to be', dollars(1), 1, 101, -10_000, -0.01],
    ['a payout cut down to a micro-dollar', micros(1), 1, 199, 0, 0],
  ])('%s', (_, stake, probability, locked, amount, share) => {
    const edge = houseEdge(stake, probability, multiplier(locked));
    expect([edge.amount, edge.share]).toEqual([micros(amount), expect.closeTo(share, 12)]);
  });

  test('at the fair multiplier there is none', () => {
    const { fairMultiplier } = houseEdge(dollars(10), 0.4, multiplier(218));
    expect(fairMultiplier).toBe(250);
    expect(houseEdge(dollars(10), 0.4, multiplier(fairMultiplier)).amount).toBe(micros(0));
  });
});
