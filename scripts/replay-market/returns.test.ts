import { describe, expect, test } from 'bun:test';
import { Chance } from './chance.ts';
import { BLOCK_MS, BLOCKS_MIN, Returns } from './returns.ts';

describe('returns', () => {
  test('a bet falls into the bucket of its locked multiplier', () => {
    const returns = new Returns();
    for (const locked of [101, 149, 150, 249, 250, 499, 500, 999, 1000, 2500]) returns.add(0, locked, 0, 0.9);
    expect(returns.byBucket(1).map(({ bets }) => bets)).toEqual([2, 2, 2, 2, 2]);
  });

  test('realised and quoted are means per bet; the whole is all buckets', () => {
    const returns = new Returns();
    returns.add(0, 200, 2, 0.9);
    returns.add(0, 200, 0, 0.8);
    returns.add(BLOCK_MS, 700, 7, 0.4);
    expect(returns.byBucket(1)[1]).toEqual({
      label: '1.5–2.5',
      bets: 2,
      won: 1,
      quoted: 0.8500000000000001,
      realised: 1,
      interval: null,
    });
    const { bets, won, quoted, realised } = returns.overall(1);
    expect([bets, won, realised]).toEqual([3, 2, 3]);
    expect(quoted).toBeCloseTo(0.7, 12);
  });

  test('no bets, no figures', () => {
    expect(new Returns().overall(1)).toEqual({
      label: 'all',
      bets: 0,
      won: 0,
      quoted: null,
      realised: null,
      interval: null,
    });
  });

  test('an interval needs enough blocks, and has no width where all blocks are alike', () => {
    const returns = new Returns();
    for (let block = 0; block < BLOCKS_MIN - 1; block++) returns.add(block * BLOCK_MS, 200, 1, 0.9);
    expect(returns.overall(1).interval).toBeNull();
    returns.add(BLOCKS_MIN * BLOCK_MS, 200, 1, 0.9);
    expect(returns.overall(1).interval).toEqual([1, 1]);
  });

  test('bets that win and lose together in a block make the interval as wide as the blocks are, not the bets', () => {
    const [together, alone] = [new Returns(), new Returns()];
    const chance = new Chance(5);
    for (let block = 0; block < 100; block++) {
      const won = chance.happens(0.5);
      for (let bet = 0; bet < 50; bet++) {
        together.add(block * BLOCK_MS, 200, won ? 2 : 0, 0.9);
        alone.add(block * BLOCK_MS, 200, chance.happens(0.5) ? 2 : 0, 0.9);
      }
    }
    const width = (returns: Returns): number => {
      const [low, high] = returns.overall(1).interval!;
      return high - low;
    };
    // 2 · 1.96 / √(independent outcomes), an outcome being 0 or 2: of 100 blocks, of 5000 bets.
    expect(width(together)).toBeGreaterThan(0.3);
    expect(width(together)).toBeLessThan(0.5);
    expect(width(alone)).toBeLessThan(0.08);
    expect(together.overall(1)).toEqual(together.overall(1));
  });
});
