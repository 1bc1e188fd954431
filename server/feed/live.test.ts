import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from './clock.ts';
import { consensusOf } from './consensus.ts';
import { until } from './replica/hand-clock.ts';
import { LiveFeed } from './live.ts';
import { Replica } from './replica.ts';
import { VENUES, type VenueName } from './spec.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function live(names: readonly VenueName[]) {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const feed = new LiveFeed(names, { clock: systemClock, random: () => 0, quorum: 2, urls: replica.urls, socketLimits: { backoffMsMin: 40 } });
  stops.push(() => feed.stop());
  await feed.start();
  await until(() => names.every((name) => replica.subscribed(name).length === 1), 'all subscriptions');
  return { replica, feed, sample: () => feed.sample(Date.now()) };
}

/** Says it again where a machine that stood still made old news of it on the way. */
async function quoted(say: () => void, heard: () => boolean): Promise<void> {
  for (let tries = 0; tries < 20 && !heard(); tries++) {
    say();
    await until(heard, 'the quotes').catch(() => {});
  }
  expect(heard()).toBe(true);
}

describe.each([
  ['USD', 'Coinbase, Kraken, Bitstamp'],
  ['USDT', 'Binance, OKX, Bybit'],
] as const)('%s', (currency, label) => {
  test('the venues that are alive, in their order, and their consensus', async () => {
    const names = VENUES[currency];
    const { replica, feed, sample } = await live(names);
    expect({ name: feed.name, simulated: feed.simulated, quorum: feed.quorum, label: feed.label }).toEqual({ name: 'live', simulated: false, quorum: 2, label });
    expect(sample()).toEqual([]);
    await quoted(() => {
      replica.quote(names[2], '81000.30', '81000.50');
      replica.quote(names[0], '81000.00', '81000.20');
    }, () => sample().length === 2);
    expect(consensusOf(sample())?.price).toBe(8_100_025 as never);
    await quoted(() => replica.quote(names[1], '91000.00', '91000.20'), () => sample().length === 3);
    expect(sample().map(({ venue }) => venue)).toEqual([...names]);
    expect(consensusOf(sample())).toMatchObject({ price: 8_100_025, outliers: [{ venue: names[1], price: 9_100_010 }], spreadCents: 30 });
  });
});

test('one venue falls away, the others carry on, and it comes back', async () => {
  const { replica, feed, sample } = await live(VENUES.USD);
  const quoteAll = () => VENUES.USD.forEach((name) => replica.quote(name, '81000.00', '81000.20'));
  await quoted(quoteAll, () => sample().length === 3);
  replica.refuse('kraken', 503);
  replica.kill('kraken');
  await until(() => sample().length === 2, 'two prices');
  expect(sample().map(({ venue }) => venue)).toEqual(['coinbase', 'bitstamp']);
  expect(feed.status(Date.now()).map(({ alive }) => alive)).toEqual([true, false, true]);
  replica.refuse('kraken', null);
  await until(() => replica.subscribed('kraken').length === 1, 'kraken again');
  await quoted(quoteAll, () => sample().length === 3);
});

test('after the stop nothing is alive and nobody is connected', async () => {
  const { replica, feed, sample } = await live(VENUES.USD);
  await quoted(() => VENUES.USD.forEach((name) => replica.quote(name, '81000.00', '81000.20')), () => sample().length === 3);
  feed.stop();
  expect(sample()).toEqual([]);
  await until(() => VENUES.USD.every((name) => replica.pings(name).length === 0), 'closed connections');
  expect(feed.status(Date.now()).map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
});
