import { describe, expect, test } from 'bun:test';
import type { HistoryFile, HistoryShelf, SealedSegment } from '../../ports/archive.ts';
import type { ObjectStore } from '../backup/object-store.ts';
import { manifestKey, segmentKey } from './manifest.ts';
import { pruneHistory } from './prune.ts';

const WEEK_MS = 7 * 86_400_000;
const file = (name: string, segments: readonly number[], weeksAgo: number): HistoryFile => ({ name, bytes: 100, segments, endedAt: 100 * WEEK_MS - weeksAgo * WEEK_MS });
const FILES = [file('a', [1, 2], 6), file('b', [3], 5), file('c', [4], 3), file('d', [5], 1)];

async function pruned(missing: readonly string[], limits = { historyMs: 4 * WEEK_MS, historyBytesMax: 1e9 }, files = FILES): Promise<string[]> {
  const removed: string[] = [];
  const shelf = { files: () => files, remove: (name) => void removed.push(name) } as HistoryShelf;
  const keys = [1, 2, 3, 4, 5].flatMap((number) => [segmentKey(number), manifestKey(number)]).filter((key) => !missing.includes(key));
  const store = { list: async () => keys } as unknown as ObjectStore;
  const sealed = [1, 2, 3, 4, 5].map((number) => ({ number, objectKey: segmentKey(number) }) as SealedSegment);
  const names = await pruneHistory(shelf, store, sealed, limits, 100 * WEEK_MS);
  expect(removed).toEqual(names);
  return names;
}

describe('weeks leave the disk', () => {
  test('when they are old', async () => expect(await pruned([])).toEqual(['a', 'b']));
  test('but not without each object and manifest of theirs in the store', async () => {
    expect(await pruned([segmentKey(2)])).toEqual(['b']);
    expect(await pruned([manifestKey(3)])).toEqual(['a']);
  });
  test('earlier when they are too much, oldest first', async () => expect(await pruned([], { historyMs: 4 * WEEK_MS, historyBytesMax: 150 })).toEqual(['a', 'b', 'c']));
  test('but never the newest', async () => expect(await pruned([], { historyMs: 0, historyBytesMax: 0 })).toEqual(['a', 'b', 'c']));
});
