import { afterEach, expect, test } from 'bun:test';
import { HeadStarts } from '../engine/head-start/head-starts.ts';
import { openFeed } from '../feed/open.ts';
import type { VenuePrice } from '../game/venue-price.ts';
import type { VenueName } from '../feed/spec.ts';
import { HandClock, until } from '../../test/exchange-replica/hand-clock.ts';
import { stopAll, stops } from '../../test/exchange-replica/line.ts';
import { Replica } from '../../test/exchange-replica/replica.ts';
import { priceSource } from './prices.ts';

afterEach(stopAll);

const VENUES: readonly VenueName[] = ['coinbase', 'kraken', 'bitstamp'];
const TICK_MS = 100;

test('over real sockets, the exchange that is ahead is found, by how much, and by its own clock too', async () => {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const clock = new HandClock(1_793_607_330_000);
  const opened = openFeed(`live:${VENUES}`, { clock, random: () => 1, urls: replica.urls });
  if ('error' in opened) throw new Error(opened.error.message);
  const feed = opened.ok;
  stops.push(() => feed.stop());
  await feed.start();
  await until(() => VENUES.every((venue) => replica.subscribed(venue).length === 1), 'the subscriptions');

  const source = priceSource(feed, null);
  let heard = 0;
  const counting = {
    names: source.venues!.names,
    onPrice: (hear: (price: VenuePrice) => void) =>
      source.venues!.onPrice((price) => {
        heard++;
        hear(price);
      }),
  };
  const headStarts = new HeadStarts(
    { holdMs: 400, tickMs: TICK_MS },
    { simulated: false, quorum: 2, venues: counting },
  );

  const prices: Record<string, number> = { coinbase: 76_000, kraken: 76_001, bitstamp: 75_999 };
  const say = async (venue: VenueName, delayMs = 0) => {
    const before = heard;
    const price = prices[venue]!;
    replica.quote(venue, (price - 0.5).toFixed(2), (price + 0.5).toFixed(2), clock.now() - delayMs);
    await until(() => heard > before, `a price of ${venue}`);
  };
  let seq = 0;
  const go = (ms: number) => {
    for (const end = clock.now() + ms; clock.now() < end; ) {
      clock.advance(TICK_MS);
      const at = clock.now();
      const agreed = source.consensus(source.sample(at));
      if (agreed !== null)
        headStarts.onTick({ seq: ++seq, at, price: agreed.price, sources: agreed.sources }, 1);
    }
  };
  const move = async (venue: VenueName, dollars: number, delayMs = 0) => {
    prices[venue]! += dollars;
    await say(venue, delayMs);
  };

  for (let round = 0; round < 6; round++) {
    for (let second = 0; second < 2; second++) {
      for (const venue of VENUES) await say(venue);
      go(1_000);
    }
    const dollars = round % 2 === 0 ? 60 : -60;
    await move('kraken', dollars, 40);
    go(200);
    await move('coinbase', dollars);
    go(300);
    await move('bitstamp', dollars);
    go(500);
  }

  const { headStarts: found, tick, ahead, venues, takenBack, alone } = headStarts.figures();
  expect([found, takenBack, alone]).toEqual([6, 0, 0]);
  // The tick follows 100 ms after the second exchange; a bucket is a tenth wide.
  expect(tick.p50).toBeWithin(300, 331);
  expect(ahead.p50).toBeWithin(340, 375);
  expect(venues.map(({ venue, first, missed }) => [venue, first, missed])).toEqual([
    ['coinbase', 0, 0],
    ['kraken', 6, 0],
    ['bitstamp', 0, 0],
  ]);
  expect(venues[0]?.behind.p50).toBeWithin(200, 221);
  expect(venues[2]?.behind.p50).toBeWithin(500, 551);
  expect(venues[1]?.age).toMatchObject({ count: seq });
});
