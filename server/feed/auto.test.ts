import { afterEach, describe, expect, test } from 'bun:test';
import type { TickSource } from '../game/tick.ts';
import { AutoFeed, FALLBACK_AFTER_MS } from './auto.ts';
import { consensusOf } from './consensus.ts';
import { HandClock, until } from '../../test/exchange-replica/hand-clock.ts';
import { LiveFeed } from './live.ts';
import { Replica } from '../../test/exchange-replica/replica.ts';
import { DEFAULT_VENUES } from './spec.ts';
import { WALK_START_PRICE, WalkFeed } from './walk.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

function auto() {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const clock = new HandClock();
  const reasons: string[] = [];
  const live = new LiveFeed(DEFAULT_VENUES, { clock, random: () => 1, quorum: 2, urls: replica.urls });
  const walk = new WalkFeed({ seed: 'auto', now: () => clock.now() });
  const agree = (sources: readonly TickSource[]) => consensusOf(sources) !== null;
  const feed = new AutoFeed({ live, walk, clock, agree, onFallback: (reason) => void reasons.push(reason) });
  stops.push(() => feed.stop());
  let decided = false;
  const start = () => void feed.start().then(() => (decided = true));
  return { replica, clock, feed, reasons, start, isDecided: () => decided };
}

describe('auto', () => {
  test('two venues that agree in time keep it live', async () => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    start();
    await until(
      () => (['kraken', 'bitstamp'] as const).every((name) => replica.subscribed(name).length === 1),
      'the subscriptions',
    );
    clock.advance(FALLBACK_AFTER_MS - 100);
    replica.quote('kraken', '81000.00', '81000.20', clock.now());
    await until(() => feed.sample(clock.now()).length === 1, 'one price');
    clock.advance(50);
    expect(isDecided()).toBe(false);
    replica.quote('bitstamp', '81000.00', '81000.20', clock.now());
    await until(() => feed.sample(clock.now()).length === 2, 'the other price');
    clock.advance(50);
    await until(isDecided, 'the decision');
    clock.advance(60_000);
    expect({
      name: feed.name,
      simulated: feed.simulated,
      quorum: feed.quorum,
      volatility: feed.declaredVolatilityBp,
    }).toEqual({ name: 'live', simulated: false, quorum: 2, volatility: undefined });
    expect(reasons).toEqual([]);
  });

  test.each([
    [
      'one venue alone is no price: it walks, and says no_quorum 1 of 2',
      { kraken: 81_000 },
      'no_quorum 1 of 2 (coinbase: connection failed',
    ],
    [
      'venues that do not agree are no price either',
      { kraken: 81_000, bitstamp: 85_000 },
      'the exchanges do not agree on a price (coinbase: connection failed',
    ],
  ] as const)('%s', async (_name, prices, reason) => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    const names = Object.keys(prices) as (keyof typeof prices)[];
    for (const name of DEFAULT_VENUES) if (!(names as string[]).includes(name)) replica.refuse(name, 503);
    start();
    await until(() => names.every((name) => replica.subscribed(name).length === 1), 'the subscriptions');
    clock.advance(FALLBACK_AFTER_MS - 100);
    for (const name of names) replica.quote(name, `${prices[name]}.00`, `${prices[name]}.20`, clock.now());
    await until(() => feed.sample(clock.now()).length === names.length, 'the prices');
    clock.advance(100);
    await until(isDecided, 'the decision');
    expect([feed.name, reasons.length]).toEqual(['walk', 1]);
    expect(reasons[0]).toStartWith(reason.split(' (')[0]!);
    expect(reasons[0]).toContain('kraken: there');
  });

  test('when no venue answers it walks, says why once, and keeps the exchanges closed', async () => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    for (const name of DEFAULT_VENUES) replica.refuse(name, 503);
    start();
    await until(() => feed.status(clock.now()).every(({ state }) => state === 'waiting'), 'three refusals');
    clock.advance(900);
    expect(feed.name).toBe('live');
    clock.advance(FALLBACK_AFTER_MS - 900);
    await until(isDecided, 'the decision');
    expect({
      name: feed.name,
      simulated: feed.simulated,
      quorum: feed.quorum,
      label: feed.label,
      volatility: feed.declaredVolatilityBp,
    }).toEqual({ name: 'walk', simulated: true, quorum: 1, label: 'simulated prices', volatility: 1 });
    expect(feed.sample(clock.now())).toEqual([{ venue: 'walk', price: WALK_START_PRICE }]);
    expect(clock.due()).toEqual([]);
    expect(reasons.length).toBe(1);
    for (const name of DEFAULT_VENUES) expect(reasons[0]).toContain(name);
    const connects = { ...replica.connects };
    for (const name of DEFAULT_VENUES) replica.refuse(name, null);
    clock.advance(300_000);
    await Bun.sleep(30);
    expect(replica.connects).toEqual(connects);
    expect(feed.name).toBe('walk');
    expect(reasons.length).toBe(1);
  });

  test('a stop while waiting ends the waiting and connects to nothing more', async () => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    start();
    await until(() => DEFAULT_VENUES.every((name) => replica.connects[name] === 1), 'the connections');
    feed.stop();
    await until(isDecided, 'the end of the waiting');
    clock.advance(60_000);
    expect(clock.due()).toEqual([]);
    expect(reasons).toEqual([]);
    expect(feed.sample(clock.now())).toEqual([]);
  });
});
