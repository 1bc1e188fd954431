import { describe, expect, test } from 'bun:test';
import type { Cents } from './price.ts';
import { apartCents, isBorneOut } from './witness.ts';

const sources = (...prices: number[]) =>
  prices.map((price, index) => ({ venue: 'abcde'[index]!, price: price as Cents }));

describe('apartCents', () => {
  const rows: readonly [name: string, prices: number[], cents: number][] = [
    ['nobody', [], 0],
    ['one alone', [500], 0],
    ['two: all that is between them', [500, 740], 240],
    ['three: from the middle one to the nearer neighbour', [700, 100, 160], 60],
    ['three at one price but one', [100, 900, 100], 0],
    ['three, all apart', [100, 900, 500], 400],
    ['four: between the two in the middle', [100, 900, 430, 400], 30],
    ['five', [100, 900, 430, 400, 401], 1],
  ];
  test.each(rows)('%s', (_name, prices, cents) => expect(apartCents(sources(...prices))).toBe(cents));
});

test('half a row is still near, a cent more is not', () => {
  expect([
    isBorneOut(sources(1_000, 1_250), 500),
    isBorneOut(sources(1_000, 1_251), 500),
    isBorneOut(sources(1_000), 1),
  ]).toEqual([true, false, true]);
});

test('a venue that prints nonsense never moves the price further than to the next honest one, where two honest ones stand within half a row', () => {
  const row = 500;
  for (let print = 900; print <= 1_400; print += 7) {
    const prices = sources(print, 1_000, 1_200);
    expect(isBorneOut(prices, row)).toBe(true);
    const price = prices.map((one) => one.price).sort((a, b) => a - b)[1]!;
    expect(price).toBeGreaterThanOrEqual(1_000 as Cents);
    expect(price).toBeLessThanOrEqual(1_200 as Cents);
  }
});
