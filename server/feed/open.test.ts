import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cents } from '../game/price.ts';
import { HandClock } from '../../test/exchange-replica/hand-clock.ts';
import { openFeed, type FeedOptions } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-open-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'two.csv');
/** A row every `everyMs` from 1 s on, at 5 and then 6. */
const rowsEvery = (everyMs: number, count: number): string => {
  const row = (k: number): string => `${1_000 + k * everyMs},${k + 1 === count ? 6 : 5}\n`;
  return `ts_ms,price\n${Array.from({ length: count }, (_, k) => row(k)).join('')}`;
};
writeFileSync(file, rowsEvery(100, 11));

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
    expect({ name: feed.name, simulated: feed.simulated, quorum: feed.quorum, label: feed.label }).toEqual({
      name,
      simulated,
      quorum,
      label,
    });
  });

  const refused: [string, FeedOptions, string, string][] = [
    ['nonsense', {}, 'feed_bad_spec', 'is not a feed'],
    ['live:coinbase', {}, 'feed_bad_quorum', 'a quorum of 2 is impossible'],
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

  describe('a recording that can be played in no part is refused, in some parts comes with a warning', () => {
    const recorded = (text: string) => {
      const path = join(folder, `r${Bun.hash(text)}.csv`);
      writeFileSync(path, text);
      return openFeed(`replay:${path}`);
    };
    test('bars of a minute would be carried forward, and their own row sold as a sure win', () =>
      expect(recorded(rowsEvery(60_000, 60))).toEqual({
        error: { code: 'replay_too_coarse', message: expect.stringContaining('too coarse') },
      }));
    test('bars of 61 s have no price at all', () =>
      expect(recorded(rowsEvery(61_000, 60))).toEqual({
        error: { code: 'replay_too_coarse', message: expect.stringContaining('too coarse') },
      }));
    test('a few rows', () =>
      expect(recorded(rowsEvery(100, 3))).toEqual({
        error: {
          code: 'replay_too_coarse',
          message: expect.stringContaining('it has 3 prices, expected 10 or more'),
        },
      }));
    test('seconds, and then a long hole', () => {
      const result = recorded(`${rowsEvery(1_000, 100)}400000,6\n`);
      expect(result).toMatchObject({
        ok: { name: 'replay' },
        warning: expect.stringContaining('the longest 300 s'),
      });
    });
    test('seconds throughout', () =>
      expect(recorded(rowsEvery(1_000, 100))).toMatchObject({ ok: { name: 'replay' }, warning: undefined }));
  });

  test('one venue is enough with a quorum of 1', () =>
    expect(opened('live:coinbase', { quorum: 1 }).quorum).toBe(1));

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
