import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { cents, type Cents } from '../game/price.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from './consensus.ts';

const quotes = (...prices: number[]) =>
  prices.map((price, i) => ({ venue: 'abcdefgh'[i]!, price: cents(price) }));

describe('consensusOf', () => {
  const table: [
    string,
    number[],
    { price: number; sources: string; outliers: string; spreadCents: number } | null,
  ][] = [
    ['nothing', [], null],
    ['one venue is no quorum', [7_600_000], null],
    [
      'two agree: their middle, half a cent cut down',
      [7_600_000, 7_600_003],
      { price: 7_600_001, sources: 'ab', outliers: '', spreadCents: 3 },
    ],
    [
      'three agree: the middle one',
      [7_600_300, 7_600_000, 7_600_100],
      { price: 7_600_100, sources: 'abc', outliers: '', spreadCents: 300 },
    ],
    [
      'one of three far off is dropped',
      [7_600_000, 7_600_100, 9_000_000],
      { price: 7_600_050, sources: 'ab', outliers: 'c', spreadCents: 100 },
    ],
    [
      'exactly 0.5 % away still counts',
      [1_000_000, 1_000_000, 1_005_000],
      { price: 1_000_000, sources: 'abc', outliers: '', spreadCents: 5_000 },
    ],
    [
      'a cent more than 0.5 % away does not',
      [1_000_000, 1_000_000, 1_005_001],
      { price: 1_000_000, sources: 'ab', outliers: 'c', spreadCents: 0 },
    ],
    ['two that are more than 1 % apart agree on nothing', [1_000_000, 1_011_000], null],
    [
      'two that are 0.8 % apart count, and the spread tells',
      [1_000_000, 1_008_000],
      { price: 1_004_000, sources: 'ab', outliers: '', spreadCents: 8_000 },
    ],
    ['three scattered: only the middle is left, no quorum', [1_000_000, 1_100_000, 1_200_000], null],
    [
      'outliers on both sides',
      [900_000, 1_000_000, 1_000_100, 1_000_200, 1_100_000],
      { price: 1_000_100, sources: 'bcd', outliers: 'ae', spreadCents: 200 },
    ],
  ];
  test.each(table)('%s', (_name, prices, expected) => {
    const found = consensusOf(quotes(...prices));
    const names = (list: readonly { venue: string }[]) => list.map(({ venue }) => venue).join('');
    expect(found && { ...found, sources: names(found.sources), outliers: names(found.outliers) }).toEqual(
      expected as never,
    );
  });

  test('a quorum of one takes one venue, a quorum of zero still needs one', () => {
    expect(consensusOf(quotes(500), { ...CONSENSUS_DEFAULTS, quorum: 1 })?.price).toBe(cents(500));
    expect(consensusOf([], { ...CONSENSUS_DEFAULTS, quorum: 0 })).toBeNull();
  });

  test('the price lies within its sources, is whole cents, and does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1_000_000, max: 1_020_000 }), { maxLength: 6 }), (prices) => {
        const found = consensusOf(quotes(...prices));
        const reversed = consensusOf(quotes(...prices).reverse());
        expect(reversed?.price).toBe(found?.price as Cents);
        if (!found) return;
        const kept = found.sources.map(({ price }) => price);
        expect(Number.isInteger(found.price)).toBe(true);
        expect(found.price).toBeGreaterThanOrEqual(Math.min(...kept));
        expect(found.price).toBeLessThanOrEqual(Math.max(...kept));
        expect(kept.length).toBeGreaterThanOrEqual(2);
        expect(kept.length + found.outliers.length).toBe(prices.length);
      }),
    );
  });
});
