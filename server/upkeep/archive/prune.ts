import type { HistoryFile, HistoryShelf, SealedSegment } from '../../ports/archive.ts';
import type { ObjectStore } from '../backup/object-store.ts';
import { ARCHIVE_PREFIX, manifestKey } from './manifest.ts';

export interface PruneLimits {
  /** Weeks stay on disk for this long after their last commit. */
  readonly historyMs: number;
  /** All weeks on disk have at most this many bytes, the newest file aside. */
  readonly historyBytesMax: number;
}

/** Removes weeks from the disk that are too old or too much, oldest first, as long as the object store still has all of their segments. @returns their names. */
export async function pruneHistory(shelf: HistoryShelf, store: ObjectStore, sealed: readonly SealedSegment[], limits: PruneLimits, now: number): Promise<string[]> {
  const files = shelf.files();
  const leaving = dueFiles(files, limits, now);
  if (leaving.length === 0) return [];
  const keys = new Set(await store.list(ARCHIVE_PREFIX));
  const stored = new Set(sealed.filter(({ number, objectKey }) => keys.has(objectKey) && keys.has(manifestKey(number))).map(({ number }) => number));
  const safe = leaving.filter(({ segments }) => segments.every((number) => stored.has(number)));
  for (const { name } of safe) shelf.remove(name);
  return safe.map(({ name }) => name);
}

/** The newest file always stays: the next segment may belong to it. */
function dueFiles(files: readonly HistoryFile[], { historyMs, historyBytesMax }: PruneLimits, now: number): HistoryFile[] {
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return files.slice(0, -1).filter((file) => {
    const due = file.endedAt < now - historyMs || bytes > historyBytesMax;
    if (due) bytes -= file.bytes;
    return due;
  });
}
