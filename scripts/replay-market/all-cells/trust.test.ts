import { describe, expect, test } from 'bun:test';
import { BLOCK_MS } from '../../../server/game/learned/learner.ts';
import { ordinaryPrice } from '../../../server/game/learned/sale.ts';
import { Chance } from '../chance.ts';
import { EarnedTrust } from './trust.ts';

const HOUR_BLOCKS = 3_600_000 / BLOCK_MS;
const CELLS_A_BLOCK = 60;
const PROBABILITY = 0.3;
const BUCKET = 2;

/** Blocks of cells whose law is known, until it says stop. @returns the number of blocks. */
function earn(trust: EarnedTrust, law: number, seed: number, hours: number, stop: () => boolean): number {
  const chance = new Chance(seed);
  for (let block = 0; block < hours * HOUR_BLOCKS; block++) {
    for (let cell = 0; cell < CELLS_A_BLOCK; cell++) trust.add(block, PROBABILITY, chance.happens(law));
    trust.endBlock(block);
    if (stop()) return block + 1;
  }
  return Infinity;
}

describe('EarnedTrust', () => {
  test('a bucket that keeps its word is certified within the hours that theory says', () => {
    const multiplier = ordinaryPrice(PROBABILITY) / 100;
    const variance = multiplier ** 2 * PROBABILITY * (1 - PROBABILITY);
    const blocks = (1.96 ** 2 * variance) / 0.03 ** 2 / CELLS_A_BLOCK;
    for (const seed of [1, 2, 3, 4, 5]) {
      const trust = new EarnedTrust();
      const found = earn(trust, PROBABILITY, seed, 60, () => trust.terms[BUCKET]!.trust === 'certified');
      expect(found / blocks).toBeGreaterThan(0.8);
      expect(found / blocks).toBeLessThan(2);
    }
  });

  test('one that is mispriced on purpose is closed, and never certified', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const trust = new EarnedTrust();
      const closed = earn(
        trust,
        1.15 * PROBABILITY,
        seed,
        60,
        () => trust.buckets[BUCKET]!.blocks.closed > 0,
      );
      expect(closed / HOUR_BLOCKS).toBeLessThan(24);
      expect(trust.buckets[BUCKET]!.blocks.certified).toBe(0);
    }
  });

  test('one without a cell of its own stays open for nobody knows how long, and none is certified', () => {
    const trust = new EarnedTrust();
    earn(trust, PROBABILITY, 1, 24, () => false);
    expect(trust.terms.map(({ trust: state }) => state)).toEqual([
      'provisional',
      'provisional',
      'certified',
      'provisional',
      'closed',
    ]);
  });

  test('what is older than a week is forgotten', () => {
    const trust = new EarnedTrust();
    earn(trust, 2 * PROBABILITY, 1, 12, () => false);
    expect(trust.terms[BUCKET]!.trust).toBe('closed');
    for (let block = 12 * HOUR_BLOCKS; block < (12 + 7 * 24) * HOUR_BLOCKS; block++) trust.endBlock(block);
    expect(trust.terms[BUCKET]).toEqual({ trust: 'provisional', halfWidth: Infinity });
  });
});
