import { describe, expect, test } from 'bun:test';
import { DayOfPlay, dayOf, STEPS_MAX, type Closing } from './day-of-play.ts';
import { dollars, micros, multiplier } from './money.ts';

const AT = Date.UTC(2026, 10, 30, 12);
const closing = (outcome: Closing['outcome'], over: Partial<Closing> = {}): Closing => ({
  betId: 'a bet',
  at: AT,
  outcome,
  stake: dollars(10),
  payout: outcome === 'lost' ? dollars(0) : outcome === 'won' ? dollars(25) : dollars(10),
  multiplier: multiplier(250),
  ...over,
});
const dayWith = (...closings: Closing[]) => {
  const day = new DayOfPlay();
  for (const one of closings) day.add(one);
  return day.figures();
};

test('a day begins at midnight UTC', () => {
  expect(dayOf(AT)).toBe(Date.UTC(2026, 10, 30));
  expect(dayOf(Date.UTC(2026, 10, 30))).toBe(Date.UTC(2026, 10, 30));
  expect(dayOf(Date.UTC(2026, 10, 30) - 1)).toBe(Date.UTC(2026, 10, 29));
});

describe('a day', () => {
  test('without a bet has nothing', () =>
    expect(dayWith()).toEqual({
      won: 0,
      lost: 0,
      refunded: 0,
      staked: dollars(0),
      paid: dollars(0),
      net: dollars(0),
      streak: null,
      wonInARowMax: 0,
      best: null,
      steps: [],
    }));

  test('sums up what was won and lost, and leaves refunds out of all money', () => {
    const best = closing('won', { betId: 'best', multiplier: multiplier(840), payout: dollars(84) });
    const day = dayWith(closing('won'), closing('void'), closing('lost'), best, closing('void'));
    expect(day).toMatchObject({ won: 2, lost: 1, refunded: 2, staked: dollars(30), paid: dollars(109) });
    expect([day.net, day.best]).toEqual([dollars(79), best]);
    expect(day.steps.map(({ bets, net }) => [bets, net])).toEqual([
      [1, dollars(15)],
      [2, dollars(5)],
      [3, dollars(79)],
    ]);
  });

  test('has the best hit by its multiplier, of equal ones the one that paid most, and the first of equals', () => {
    const small = closing('won', { betId: 'small', multiplier: multiplier(900), payout: dollars(9) });
    const large = closing('won', { betId: 'large', multiplier: multiplier(900), payout: dollars(90) });
    const rich = closing('won', { betId: 'rich', multiplier: multiplier(899), payout: dollars(899) });
    expect(dayWith(small, rich, large, { ...large, betId: 'later' }).best?.betId).toBe('large');
  });

  test.each<[string, Closing['outcome'][], number, 'won' | 'lost' | null, number]>([
    ['a row of wins', ['won', 'won', 'won'], 3, 'won', 3],
    ['a refund does not end it', ['won', 'void', 'won'], 2, 'won', 2],
    ['a loss does', ['won', 'won', 'lost'], 1, 'lost', 2],
    ['losses are a row too', ['won', 'lost', 'lost'], 2, 'lost', 1],
    ['refunds alone are none', ['void', 'void'], 0, null, 0],
  ])('%s', (_, outcomes, bets, outcome, best) => {
    const { streak, wonInARowMax } = dayWith(...outcomes.map((one) => closing(one)));
    expect([streak?.bets ?? 0, streak?.outcome ?? null, wonInARowMax]).toEqual([bets, outcome, best]);
  });
});

test('however many bets there are, the curve has few steps, its peak and its end among them', () => {
  const day = new DayOfPlay();
  const bets = 100_000;
  const stake = micros(1000);
  let peak = 0;
  let net = 0;
  for (let i = 0; i < bets; i++) {
    // Up to the middle of the day and down again, with one hit far above the rest.
    const won = i === 31_417 ? 5000 : Number(i < bets / 2) * 2;
    const payout = micros(won * stake);
    day.add(closing(won > 0 ? 'won' : 'lost', { at: AT + i, stake, payout }));
    net += payout - stake;
    if (i <= 31_417) peak = Math.max(peak, net);
  }
  const { steps } = day.figures();
  expect(steps.length).toBeLessThanOrEqual(STEPS_MAX);
  expect(steps.length).toBeGreaterThan(STEPS_MAX / 2 - 2);
  expect(steps.at(-1)).toEqual({ at: AT + bets - 1, bets, net: micros(net) });
  expect(steps.map((step) => step.bets)).toEqual(steps.map((step) => step.bets).sort((a, b) => a - b));
  // Evenly over the day: no part of it is left to a single step.
  const wide = Math.max(...steps.map((step, i) => step.bets - (steps[i - 1]?.bets ?? 0)));
  expect(wide).toBeLessThan((4 * bets) / STEPS_MAX);
  expect(Math.max(...steps.map((step) => step.net))).toBeGreaterThanOrEqual(0.99 * peak);
});
