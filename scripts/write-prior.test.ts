import { expect, test } from 'bun:test';
import { Walk } from '../server/feed/walk.ts';
import { taughtBy } from './write-prior.ts';

test('what a recording teaches is the same on every machine', () => {
  const walk = new Walk({ seed: 'prior', volatilityBp: 1 });
  const prices = Float64Array.from({ length: 3_000 }, () => walk.step());
  const times = Float64Array.from(prices, (_, row) => 1_700_000_000_000 + row * 500);
  const text = taughtBy({ file: 'walk.csv', times, prices })
    .map((factors) => factors.join(' '))
    .join('\n');
  expect(Bun.hash.crc32(text).toString(16)).toBe('274a4f27');
});
