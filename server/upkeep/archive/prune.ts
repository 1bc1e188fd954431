import type { HistoryFile, WeekFiles, SealedSegment } from '../../ports/archive.ts';
import type { SegmentStore } from './segment-store.ts';

export interface PruneLimits {
  /** Weeks stay on disk for this long after their last commit. */
  readonly historyMs: number;
  /** All weeks on disk have at most this many bytes, the newest file aside. */
  readonly historyBytesMax: number;
  /**
   * Whether segments lie elsewhere than the weeks: where they do not, a week that left would be in one place
   * alone.
   */
  readonly leavesDisk: boolean;
}

/**
 * Removes weeks from the disk that are too old or too much, oldest first, as long as the object store has all
 * of their segments as they were sealed. @returns their names.
 */
export async function pruneHistory(
  weekFiles: WeekFiles,
  objects: Pick<SegmentStore, 'faultOf'>,
  sealed: readonly SealedSegment[],
  limits: PruneLimits,
  now: number,
): Promise<string[]> {
  if (!limits.leavesDisk) return [];
  const removed: string[] = [];
  for (const { name, segments } of dueFiles(weekFiles.files(), limits, now)) {
    if (
      !(await areHeld(
        objects,
        sealed.filter(({ number }) => segments.includes(number)),
        segments.length,
      ))
    )
      continue;
    weekFiles.remove(name);
    removed.push(name);
  }
  return removed;
}

async function areHeld(
  objects: Pick<SegmentStore, 'faultOf'>,
  segments: readonly SealedSegment[],
  count: number,
): Promise<boolean> {
  if (segments.length !== count) return false;
  for (const segment of segments) if ((await objects.faultOf(segment)) !== null) return false;
  return true;
}

/** The newest file always stays: the next segment may belong to it. */
function dueFiles(
  files: readonly HistoryFile[],
  { historyMs, historyBytesMax }: PruneLimits,
  now: number,
): HistoryFile[] {
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return files.slice(0, -1).filter((file) => {
    const due = file.endedAt < now - historyMs || bytes > historyBytesMax;
    if (due) bytes -= file.bytes;
    return due;
  });
}
