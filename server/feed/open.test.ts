import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cents } from '../game/price.ts';
import { HandClock } from './replica/hand-clock.ts';
import { openFeed, type FeedOptions } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-open-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'two.csv');
writeFileSync(file, 'ts_ms,price\n1000,5\n2000,6\n');

function opened(spec: string, options: FeedOptions = {}) {
  const result = openFeed(spec, options);
  if ('error' in result) throw new Error(result.error.message);
  return result.ok;
}

describe('openFeed', () => {
  test.each([
    ['live', 'live', false, 2, 'Coinbase, Kraken, Bitstamp'],
    ['auto', 'live', false, 2, 'Coinbase, Kraken, Bitstamp'],
    ['live:okx,bybit', 'live', false, 2, 'OKX, Bybit'],
    ['walk:1', 'walk', true, 1, 'simulated prices'],
    [`replay:${file}`, 'replay', true, 1, 'recorded prices: two.csv'],
  ] as const)('%s', (spec, name, simulated, quorum, label) => {
    const feed = opened(spec);
    expect({ name: feed.name, simulated: feed.simulated, quorum: feed.quorum, label: feed.label }).toEqual({ name, simulated, quorum, label });
  });

  const refused: [string, FeedOptions, string, string][] = [
    ['nonsense', {}, 'feed_bad_spec', 'is not a feed'],
    ['live:coinbase', {}, 'feed_bad_quorum', 'a quorum of 2 cannot be reached'],
    ['live', { quorum: 0 }, 'feed_bad_quorum', 'at least 1'],
    ['auto', { quorum: 4 }, 'feed_bad_quorum', 'a quorum of 4'],
    ['live', { urls: { kraken: 'https://example.org' } }, 'feed_bad_url', 'kraken'],
    ['live', { urls: { kraken: 'not an address' } }, 'feed_bad_url', 'kraken'],
    ['live', { urls: { mtgox: 'ws://127.0.0.1/' } as never }, 'feed_bad_url', '"mtgox" is not a venue'],
    [`replay:${join(folder, 'none.csv')}`, {}, 'replay_unreadable', 'none.csv'],
  ];
  test.each(refused)('%s %p is refused', (spec, options, code, message) => {
    const result = openFeed(spec, options);
    expect('error' in result && result.error.code).toBe(code as never);
    expect('error' in result && result.error.message).toContain(message);
  });

  test('one venue is enough with a quorum of 1', () => expect(opened('live:coinbase', { quorum: 1 }).quorum).toBe(1));

  test('the walk takes its volatility, its clock and the last price', async () => {
    const clock = new HandClock();
    const feed = opened('walk:1:2.5', { clock, startPrice: cents(6_000_000) });
    await feed.start();
    expect(feed.declaredVolatilityBp).toBe(2.5);
    expect(feed.sample(clock.now())).toEqual([{ venue: 'walk', price: cents(6_000_000) }]);
  });

  test('a recording loops when the specification says so', async () => {
    const clock = new HandClock();
    const [once, round] = [opened(`replay:${file}`, { clock }), opened(`replay:${file}?loop`, { clock })];
    await Promise.all([once.start(), round.start()]);
    const later = clock.now() + 11_000;
    expect([once.sample(later), round.sample(later)]).toEqual([[], [{ venue: 'replay', price: cents(500) }]]);
  });
});
