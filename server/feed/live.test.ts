import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from './clock.ts';
import { consensusOf } from './consensus.ts';
import type { VenueNews } from './feed.ts';
import { HandClock, until } from '../../test/exchange-replica/hand-clock.ts';
import { LiveFeed } from './live.ts';
import { Replica } from '../../test/exchange-replica/replica.ts';
import type { VenueName } from './spec.ts';

/** Three of each currency, whichever else there are. */
const DOLLAR = ['coinbase', 'kraken', 'bitstamp'] as const;
const TETHER = ['binance', 'okx', 'bybit'] as const;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function live(names: readonly VenueName[]) {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const feed = new LiveFeed(names, {
    clock: systemClock,
    random: () => 0,
    quorum: 2,
    urls: replica.urls,
    socketLimits: { backoffMsMin: 40 },
  });
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
  ['USD', 'Coinbase, Kraken, Bitstamp', DOLLAR],
  ['USDT', 'Binance, OKX, Bybit', TETHER],
] as const)('%s', (_, label, names) => {
  test('the venues that are alive, in their order, and their consensus', async () => {
    const { replica, feed, sample } = await live(names);
    expect({ name: feed.name, simulated: feed.simulated, quorum: feed.quorum, label: feed.label }).toEqual({
      name: 'live',
      simulated: false,
      quorum: 2,
      label,
    });
    expect(sample()).toEqual([]);
    await quoted(
      () => {
        replica.quote(names[2], '81000.30', '81000.50');
        replica.quote(names[0], '81000.00', '81000.20');
      },
      () => sample().length === 2,
    );
    expect(consensusOf(sample())?.price).toBe(8_100_025 as never);
    await quoted(
      () => replica.quote(names[1], '91000.00', '91000.20'),
      () => sample().length === 3,
    );
    expect(sample().map(({ venue }) => venue)).toEqual([...names]);
    expect(consensusOf(sample())).toMatchObject({
      price: 8_100_025,
      outliers: [{ venue: names[1], price: 9_100_010 }],
      spreadCents: 30,
    });
  });
});

test('one venue falls away, the others carry on, and it comes back', async () => {
  const { replica, feed, sample } = await live(DOLLAR);
  const quoteAll = () => DOLLAR.forEach((name) => replica.quote(name, '81000.00', '81000.20'));
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
  const { replica, feed, sample } = await live(DOLLAR);
  await quoted(
    () => DOLLAR.forEach((name) => replica.quote(name, '81000.00', '81000.20')),
    () => sample().length === 3,
  );
  feed.stop();
  expect(sample()).toEqual([]);
  await until(() => DOLLAR.every((name) => replica.pings(name).length === 0), 'closed connections');
  expect(feed.status(Date.now()).map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
});

describe('what is told', () => {
  /** The feed on a clock that is moved by hand, with what it told of its venues. */
  async function heard(refused: readonly VenueName[] = []) {
    const replica = new Replica();
    stops.push(() => replica.stop());
    const clock = new HandClock();
    const news: string[] = [];
    const onVenue = ({ venue, counts, why }: VenueNews) =>
      void news.push(`${venue} ${counts ? 'counts' : `does not count: ${why}`}`);
    for (const name of refused) replica.refuse(name, 503);
    const feed = new LiveFeed(DOLLAR, { clock, random: () => 1, quorum: 2, urls: replica.urls, onVenue });
    stops.push(() => feed.stop());
    await feed.start();
    const there = DOLLAR.filter((name) => !refused.includes(name));
    await until(
      () =>
        there.every((name) => replica.subscribed(name).length === 1) &&
        feed.status(clock.now()).filter(({ state }) => state === 'waiting').length === refused.length,
      'the lines',
    );
    const frames = () => feed.status(clock.now()).reduce((sum, { counters }) => sum + counters.frames, 0);
    const quote = async (names: readonly VenueName[], ageMs = 0) => {
      for (const name of names) {
        const before = frames();
        replica.quote(name, '81000.00', '81000.20', clock.now() - ageMs);
        await until(() => frames() > before, 'the quote');
      }
      await until(
        () =>
          ageMs !== 0 ||
          names.every((name) => feed.status(clock.now()).find(({ venue }) => venue === name)!.alive),
        'the prices',
      );
    };
    /** @returns what was told since the last look */
    const look = () => {
      feed.sample(clock.now());
      return news.splice(0);
    };
    return { replica, clock, feed, quote, look };
  }

  test('each venue that comes and goes, once, with its reason; one that never comes, after a while', async () => {
    const { clock, quote, look } = await heard(['bitstamp']);
    expect(look()).toEqual([]);
    await quote(['coinbase', 'kraken']);
    expect([look(), look()]).toEqual([['coinbase counts', 'kraken counts'], []]);
    for (let second = 0; second < 6; second++) {
      clock.advance(1_000);
      await quote(['coinbase']);
    }
    const lines = look();
    expect(lines.length).toBe(2);
    expect(lines[0]).toMatch(/^kraken does not count: (no new quote|silent) for [6]\.0 s$/);
    expect(lines[1]).toMatch(/^bitstamp does not count: .*503/);
    await quote(['kraken']);
    expect(look()).toEqual([]);
    clock.advance(1_000);
    await quote(['coinbase', 'kraken']);
    expect([look(), look()]).toEqual([['kraken counts'], []]);
  });

  test('a venue that flutters is told of once a second at most', async () => {
    const { replica, clock, quote, look } = await heard();
    await quote(DOLLAR);
    look();
    clock.advance(1_000);
    const lines: string[] = [];
    for (let i = 0; i < 20; i++) {
      replica.send(
        'kraken',
        `{"channel":"status","type":"update","data":[{"system":"${i % 2 === 0 ? 'maintenance' : 'online'}"}]}`,
      );
      await quote(['coinbase', 'bitstamp', ...(i % 2 === 0 ? [] : (['kraken'] as const))]);
      lines.push(...look());
      clock.advance(100);
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['behind', -7_200, DOLLAR, -7_200],
    ['ahead', 7_200, DOLLAR, 7_200],
    ['of one venue alone', -7_200, ['kraken'], null],
    ['of two, which the third contradicts', -7_200, ['kraken', 'bitstamp'], null],
  ] as const)(
    'exchange time that is off alike at all venues says that this clock is wrong: %s',
    async (_what, skewMs, skewed, expected) => {
      const { clock, feed, quote } = await heard();
      await quote(DOLLAR);
      expect(feed.clockOffMs(clock.now())).toBeNull();
      // As where a clock is set: what the exchanges say goes on from where it was.
      clock.advance(7_300);
      await quote(DOLLAR.filter((name) => !(skewed as readonly VenueName[]).includes(name)));
      await quote(skewed, -skewMs);
      expect(feed.clockOffMs(clock.now())).toBe(expected);
      clock.advance(100);
      await quote(skewed);
      expect(feed.clockOffMs(clock.now())).toBeNull();
    },
  );

  test('it says so for as long as it is wrong: no line is given up soon, and none looks like a fault of the network', async () => {
    const { clock, feed, quote, replica } = await heard();
    const notes = () => new Set(feed.status(clock.now()).map(({ note }) => note));
    await quote(DOLLAR);
    clock.advance(7_300);
    for (let second = 0; second < 20; second++) {
      await quote(DOLLAR, 7_200);
      clock.advance(1_000);
      expect(feed.clockOffMs(clock.now())).toBe(-7_200);
    }
    expect(notes()).toEqual(new Set(['its time is 7.2 s behind ours']));
    for (const venue of DOLLAR) replica.kill(venue);
    await until(() => feed.status(clock.now()).every(({ state }) => state !== 'open'), 'the loss');
    expect([notes(), feed.clockOffMs(clock.now())]).toEqual([
      new Set(['its time is 7.2 s behind ours']),
      -7_200,
    ]);
    clock.advance(61_000);
    expect(feed.clockOffMs(clock.now())).toBeNull();
  });

  test('two that are off alike are enough where the third is away', async () => {
    const { clock, feed, quote, replica } = await heard();
    await quote(DOLLAR);
    replica.kill('coinbase');
    await until(() => feed.status(clock.now())[0]!.state !== 'open', 'the loss');
    clock.advance(500);
    await quote(['kraken', 'bitstamp'], -7_200);
    expect(feed.clockOffMs(clock.now())).toBe(7_200);
  });

  test('venues that are off each in its own way accuse nobody', async () => {
    const { clock, feed, quote } = await heard();
    await quote(['coinbase'], 7_000);
    await quote(['kraken'], -7_000);
    expect(feed.clockOffMs(clock.now())).toBeNull();
  });
});
