import { describe, expect, test } from 'bun:test';
import type { HistoryFile, WeekFiles, SealedSegment } from '../../ports/archive.ts';
import { pruneHistory } from './prune.ts';

const WEEK_MS = 7 * 86_400_000;
const file = (name: string, segments: readonly number[], weeksAgo: number): HistoryFile => ({
  name,
  bytes: 100,
  segments,
  endedAt: 100 * WEEK_MS - weeksAgo * WEEK_MS,
});
const FILES = [file('a', [1, 2], 6), file('b', [3], 5), file('c', [4], 3), file('d', [5], 1)];

async function pruned(
  faulty: readonly number[],
  limits = { historyMs: 4 * WEEK_MS, historyBytesMax: 1e9, leavesDisk: true },
): Promise<string[]> {
  const removed: string[] = [];
  const weekFiles = { files: () => FILES, remove: (name) => void removed.push(name) } as WeekFiles;
  const objects = {
    faultOf: async ({ number }: SealedSegment) => (faulty.includes(number) ? 'it is damaged' : null),
  };
  const names = await pruneHistory(
    weekFiles,
    objects,
    [1, 2, 3, 4, 5].map((number) => ({ number }) as SealedSegment),
    limits,
    100 * WEEK_MS,
  );
  expect(removed).toEqual(names);
  return names;
}

describe('weeks leave the disk', () => {
  test('when they are old', async () => expect(await pruned([])).toEqual(['a', 'b']));
  test('but not when a segment of theirs is missing or damaged in the store', async () => {
    expect(await pruned([2])).toEqual(['b']);
    expect(await pruned([3])).toEqual(['a']);
  });
  test('but not when nobody named another place for them', async () =>
    expect(await pruned([], { historyMs: 0, historyBytesMax: 0, leavesDisk: false })).toEqual([]));
  test('earlier when they are too much, oldest first', async () =>
    expect(await pruned([], { historyMs: 4 * WEEK_MS, historyBytesMax: 150, leavesDisk: true })).toEqual([
      'a',
      'b',
      'c',
    ]));
  test('but never the newest', async () =>
    expect(await pruned([], { historyMs: 0, historyBytesMax: 0, leavesDisk: true })).toEqual([
      'a',
      'b',
      'c',
    ]));
});
