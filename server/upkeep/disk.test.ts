import { expect, test } from 'bun:test';
import { diskUsedShare } from './disk.ts';

test('the used share of a disk is what df says, and a path that is not there is an error', () => {
  const percent = Number(/(\d+)%/.exec(Bun.spawnSync(['df', '-P', import.meta.dir]).stdout.toString())![1]);
  // df rounds up, and others write meanwhile.
  expect(Math.abs(100 * diskUsedShare(import.meta.dir) - percent)).toBeLessThanOrEqual(2);
  expect(() => diskUsedShare('/not/there')).toThrow();
});
