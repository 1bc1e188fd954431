import { describe, expect, test } from 'bun:test';
import { cents } from '../game/price.ts';
import {
  Walk,
  WALK_CATCH_UP_STEPS_MAX,
  WALK_PRICE_MAX,
  WALK_START_PRICE,
  WALK_STEP_MS,
  WalkFeed,
} from './walk.ts';

const prices = (walk: Walk, count: number) => Array.from({ length: count }, () => walk.step());

describe('Walk', () => {
  test('the same seed gives the same prices on every machine', () => {
    expect(prices(new Walk({ seed: 'pinned' }), 5)).toEqual(PINNED.map(cents));
  });

  test('another seed gives other prices', () => {
    expect(prices(new Walk({ seed: 'pinned2' }), 5)).not.toEqual(prices(new Walk({ seed: 'pinned' }), 5));
  });

  test.each([0.3, 1, 3])(
    'the declared volatility of %d bp/√s is the realised one at 100 ms, 1 s and 10 s',
    (volatilityBp) => {
      const walk = new Walk({ seed: `volatility ${volatilityBp}`, volatilityBp });
      const path = prices(walk, 200_000);
      for (const [steps, tolerance] of [
        [1, 0.02],
        [10, 0.03],
        [100, 0.08],
      ] as const) {
        let sum = 0;
        let count = 0;
        for (let i = steps; i < path.length; i += steps, count++)
          sum += Math.log(path[i]! / path[i - steps]!) ** 2;
        const realisedBp = Math.sqrt(sum / count / ((steps * WALK_STEP_MS) / 1000)) * 1e4;
        expect(Math.abs(realisedBp / volatilityBp - 1)).toBeLessThan(tolerance);
      }
    },
  );

  test('single steps have fatter tails than a bell', () => {
    const path = prices(new Walk({ seed: 'tails', volatilityBp: 5 }), 100_000);
    let [second, fourth] = [0, 0];
    for (let i = 1; i < path.length; i++) {
      const change = Math.log(path[i]! / path[i - 1]!);
      second += change ** 2 / path.length;
      fourth += change ** 4 / path.length;
    }
    expect(fourth / second ** 2).toBeGreaterThan(4.5);
    expect(fourth / second ** 2).toBeLessThan(7.5);
  });

  test('turns round at the highest price', () => {
    const walk = new Walk({ seed: 'edge', volatilityBp: 50, startPrice: WALK_PRICE_MAX });
    for (const price of prices(walk, 20_000)) expect(price).toBeLessThanOrEqual(WALK_PRICE_MAX);
  });
});

describe('WalkFeed', () => {
  const feedAt = (start: number, options: object = {}) =>
    new WalkFeed({ seed: 'feed', now: () => start, ...options });
  const priceAt = (feed: WalkFeed, at: number) => feed.sample(at)[0]?.price;

  test('says what it is', async () => {
    const feed = feedAt(0, { volatilityBp: 2 });
    expect({
      name: feed.name,
      simulated: feed.simulated,
      quorum: feed.quorum,
      volatility: feed.declaredVolatilityBp,
    }).toEqual({ name: 'walk', simulated: true, quorum: 1, volatility: 2 });
  });

  test('is silent before the start and after the stop', async () => {
    const feed = feedAt(1_000);
    expect(feed.sample(1_000)).toEqual([]);
    await feed.start();
    expect(feed.sample(999)).toEqual([]);
    expect(feed.sample(1_000)).toEqual([{ venue: 'walk', price: WALK_START_PRICE }]);
    feed.stop();
    expect(feed.sample(1_100)).toEqual([]);
    expect(feed.status(1_100)[0]).toMatchObject({ state: 'stopped', alive: false, price: null });
  });

  test('the price depends on the step since the start, not on how often it is asked', async () => {
    const [often, seldom] = [feedAt(5_000), feedAt(777_000)];
    await Promise.all([often.start(), seldom.start()]);
    for (let at = 5_000; at < 65_000; at += 37) often.sample(at);
    expect(priceAt(often, 65_000)).toBe(priceAt(seldom, 837_000)!);
    expect(priceAt(often, 65_099)).toBe(priceAt(often, 65_000)!);
  });

  test('a clock that goes back a little repeats the price', async () => {
    const feed = feedAt(0);
    await feed.start();
    const price = priceAt(feed, 10_000);
    expect(priceAt(feed, 9_000)).toBe(price!);
  });

  test('after a sleep of more than a day it goes on where it stood', async () => {
    const [slept, awake] = [feedAt(0), feedAt(0)];
    await Promise.all([slept.start(), awake.start()]);
    expect(priceAt(slept, 1_000)).toBe(priceAt(awake, 1_000)!);
    const wake = 1_100 + (WALK_CATCH_UP_STEPS_MAX + 1) * WALK_STEP_MS;
    expect(priceAt(slept, wake)).toBe(priceAt(awake, 1_000)!);
    expect(priceAt(slept, wake + 500)).toBe(priceAt(awake, 1_500)!);
  });

  test('goes on from a given price', async () => {
    const feed = feedAt(0, { startPrice: cents(6_543_210) });
    await feed.start();
    expect(priceAt(feed, 0)).toBe(cents(6_543_210));
  });
});

/** First five prices of the seed "pinned" at 1 bp/√s from 76,000.00. */
const PINNED = [7600087, 7600100, 7600074, 7600230, 7600061];
