import { describe, expect, test } from 'bun:test';
import { parseFeedSpec, type FeedSpec } from './spec.ts';

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
    ['live:kraken,kraken', 'stands twice'],
    ['live:coinbase,binance', 'mixes venues'],
    ['replay:btc.txt', 'ends in .csv'],
    ['replay:?loop', 'ends in .csv'],
    ['walk:', 'a seed has'],
    ['walk:a b', 'a seed has'],
    [`walk:${'a'.repeat(65)}`, 'a seed has'],
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
