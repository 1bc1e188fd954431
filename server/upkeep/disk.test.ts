import { expect, test } from 'bun:test';
import { diskUsedShare } from './disk.ts';

test('the used share of a disk lies between none and all, and a path that is not there is an error', () => {
  const share = diskUsedShare(import.meta.dir);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(1);
  expect(() => diskUsedShare('/not/there')).toThrow();
});
