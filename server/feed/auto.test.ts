import { afterEach, describe, expect, test } from 'bun:test';
import { AutoFeed, FALLBACK_AFTER_MS } from './auto.ts';
import { HandClock, until } from './replica/hand-clock.ts';
import { LiveFeed } from './live.ts';
import { Replica } from './replica.ts';
import { VENUES } from './spec.ts';
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
  const live = new LiveFeed(VENUES.USD, { clock, random: () => 1, quorum: 2, urls: replica.urls });
  const walk = new WalkFeed({ seed: 'auto', now: () => clock.now() });
  const feed = new AutoFeed({ live, walk, clock, onFallback: (reason) => void reasons.push(reason) });
  stops.push(() => feed.stop());
  let decided = false;
  const start = () => void feed.start().then(() => (decided = true));
  return { replica, clock, feed, reasons, start, isDecided: () => decided };
}

describe('auto', () => {
  test('one venue that answers in time keeps it live', async () => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    start();
    await until(() => replica.subscribed('kraken').length === 1, 'the subscription');
    clock.advance(FALLBACK_AFTER_MS - 100);
    expect(isDecided()).toBe(false);
    replica.quote('kraken', '81000.00', '81000.20', clock.now());
    await until(() => feed.sample(clock.now()).length === 1, 'the price');
    clock.advance(50);
    await until(isDecided, 'the decision');
    clock.advance(60_000);
    expect({ name: feed.name, simulated: feed.simulated, quorum: feed.quorum, volatility: feed.declaredVolatilityBp }).toEqual({ name: 'live', simulated: false, quorum: 2, volatility: undefined });
    expect(reasons).toEqual([]);
  });

  test('when no venue answers it walks, says why once, and keeps the exchanges closed', async () => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    for (const name of VENUES.USD) replica.refuse(name, 503);
    start();
    await until(() => feed.status(clock.now()).every(({ state }) => state === 'waiting'), 'three refusals');
    clock.advance(900);
    expect(feed.name).toBe('live');
    clock.advance(FALLBACK_AFTER_MS - 900);
    await until(isDecided, 'the decision');
    expect({ name: feed.name, simulated: feed.simulated, quorum: feed.quorum, label: feed.label, volatility: feed.declaredVolatilityBp }).toEqual({ name: 'walk', simulated: true, quorum: 1, label: 'simulated prices', volatility: 1 });
    expect(feed.sample(clock.now())).toEqual([{ venue: 'walk', price: WALK_START_PRICE }]);
    expect(clock.due()).toEqual([]);
    expect(reasons.length).toBe(1);
    for (const name of VENUES.USD) expect(reasons[0]).toContain(name);
    const connects = { ...replica.connects };
    for (const name of VENUES.USD) replica.refuse(name, null);
    clock.advance(300_000);
    await Bun.sleep(30);
    expect(replica.connects).toEqual(connects);
    expect(feed.name).toBe('walk');
    expect(reasons.length).toBe(1);
  });

  test('a stop while waiting ends the waiting and connects to nothing more', async () => {
    const { replica, clock, feed, reasons, start, isDecided } = auto();
    start();
    await until(() => VENUES.USD.every((name) => replica.connects[name] === 1), 'the connections');
    feed.stop();
    await until(isDecided, 'the end of the waiting');
    clock.advance(60_000);
    expect(clock.due()).toEqual([]);
    expect(reasons).toEqual([]);
    expect(feed.sample(clock.now())).toEqual([]);
  });
});
