import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { diskUsedShare } from './disk.ts';

test('the used share of a disk is what df says, and that of a path which is gone of the disk that would hold it', () => {
  const percent = Number(/(\d+)%/.exec(Bun.spawnSync(['df', '-P', import.meta.dir]).stdout.toString())![1]);
  // df rounds up, and others write meanwhile.
  expect(Math.abs(100 * diskUsedShare(import.meta.dir) - percent)).toBeLessThanOrEqual(2);
  const gone = diskUsedShare(join(import.meta.dir, 'not', 'there'));
  expect(Math.abs(gone - diskUsedShare(import.meta.dir))).toBeLessThan(0.02);
});
