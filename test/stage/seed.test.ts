import { expect, test } from 'bun:test';
import { withEnvironment } from './environment.ts';
import { seedOf } from './seed.ts';

test('a seed is the same at every run of a tree, and another for each name', () => {
  expect(seedOf('A_SEED')).toBe(seedOf('A_SEED'));
  expect(seedOf('A_SEED')).not.toBe(seedOf('ANOTHER_SEED'));
  expect(seedOf('A_SEED')).toBeWithin(0, 1_000_000);
});

test('it can be given, and drawn', async () => {
  expect(await withEnvironment({ A_SEED: '761435' }, () => seedOf('A_SEED'))).toBe(761_435);
  const drawn = await withEnvironment({ A_SEED: 'random' }, () =>
    Array.from({ length: 5 }, () => seedOf('A_SEED')),
  );
  expect(new Set(drawn).size).toBeGreaterThan(1);
});
