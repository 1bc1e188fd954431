import { expect, test } from 'bun:test';
import { formatPrice, type Cents } from '../../server/game/price.ts';
import {
  formatDollars,
  formatMultiplier,
  payoutOf as payoutOnServer,
  type Micros,
  type Multiplier,
} from '../../server/game/money.ts';
import { bandEnd, cellText, stakeText } from '../../views/amount.ts';
import { countdown } from '../../views/clock.ts';
import { amountOf, bandEndOf, countdownOf, multiplierOf, payoutOf, priceOf, stakeOf } from './figures.js';

test('the page writes numbers as the server does', () => {
  for (const value of [0, 105, 199, 999, 1000, 1464, 2500]) expect(amountOf(value)).toBe(cellText(value));
  for (const price of [1, 99, 100, 7_604_185, 7_604_000, 999_999_999]) {
    expect(priceOf(price).join('')).toBe(formatPrice(price as Cents));
    expect(bandEndOf(price)).toBe(bandEnd(price));
  }
  for (const stake of [500_000, 1_000_000, 100_000_000])
    expect(stakeOf(stake)).toBe(stakeText(stake as Micros));
  for (const stake of [500_000, 1_000_000, 12_340_000, 10_000_000_000] as Micros[]) {
    for (const value of [105, 199, 1464, 2500] as Multiplier[])
      expect(payoutOf(stake, value)).toBe(formatDollars(payoutOnServer(stake, value)));
  }
  for (const value of [105, 999, 1464, 2500])
    expect(multiplierOf(value)).toBe(formatMultiplier(value as Multiplier));
  for (const ms of [-1, 0, 1, 8000, 61_000]) expect(countdownOf(ms)).toBe(countdown(ms));
});
