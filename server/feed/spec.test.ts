import { describe, expect, test } from 'bun:test';
import { DEFAULT_TERMS } from '../game/terms.ts';
import { ADAPTERS } from './live.ts';
import { DEFAULT_VENUES, parseFeedSpec, VENUES, type FeedSpec } from './spec.ts';

test('venues that nobody named are those of the default terms and of the documents, which name all others too', async () => {
  expect(DEFAULT_VENUES).toEqual(DEFAULT_TERMS.venues as typeof DEFAULT_VENUES);
  const text = await Bun.file(`${import.meta.dir}/../../docs/configuration.md`).text();
  const [row = ''] = text.split('\n').filter((line) => line.startsWith('| `live` |'));
  const labels = DEFAULT_VENUES.map((name) => ADAPTERS[name].label);
  expect(row).toContain(`the median of ${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`);
  for (const [currency, names] of Object.entries(VENUES))
    expect(row).toContain(`${currency} (${names.map((name) => `\`${name}\``).join(', ')})`);
});

describe('parseFeedSpec', () => {
  const right: [string, FeedSpec][] = [
    ['auto', { kind: 'auto' }],
    ['live', { kind: 'live', venues: ['coinbase', 'kraken', 'bitstamp'] }],
    ['live:kraken,coinbase', { kind: 'live', venues: ['kraken', 'coinbase'] }],
    ['live:binance, okx, bybit', { kind: 'live', venues: ['binance', 'okx', 'bybit'] }],
    ['replay:data/btc.csv.gz', { kind: 'replay', file: 'data/btc.csv.gz', loop: false }],
    ['replay:C:/btc.csv?loop', { kind: 'replay', file: 'C:/btc.csv', loop: true }],
    ['walk:42', { kind: 'walk', seed: '42' }],
    ['walk:seed-1:2.5', { kind: 'walk', seed: 'seed-1', volatilityBp: 2.5 }],
  ];
  test.each(right)('%s', (text, spec) => expect(parseFeedSpec(text)).toEqual({ ok: spec }));

  const wrong: [string, string][] = [
    ['', 'is not a feed'],
    ['Live', 'is not a feed'],
    ['auto:1', 'is not a feed'],
    ['walk', 'is not a feed'],
    ['replay', 'is not a feed'],
    ['live:', 'is not a venue'],
    ['live:coinbase,mtgox', '"mtgox" is not a venue'],
    ['live:kraken,kraken', 'appears twice'],
    ['live:coinbase,binance', 'mixes venues'],
    ['replay:btc.txt', 'end in .csv'],
    ['replay:?loop', 'end in .csv'],
    ['walk:', 'expected a seed of'],
    ['walk:a b', 'expected a seed of'],
    [`walk:${'a'.repeat(65)}`, 'expected a seed of'],
    ['walk:a:0', 'volatility'],
    ['walk:a:51', 'volatility'],
    ['walk:a:1e1', 'volatility'],
    ['walk:a:NaN', 'volatility'],
  ];
  test.each(wrong)('%s is refused', (text, sentence) => {
    const result = parseFeedSpec(text);
    expect('error' in result && result.error).toContain(sentence);
  });
});
