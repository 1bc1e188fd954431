import type { Manifest } from './manifest.ts';
import type { SegmentName } from './segment.ts';

/** Hours and days of which the newest snapshot is kept. */
export const HOURLY_KEPT = 48;
export const DAILY_KEPT = 30;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface Kept {
  readonly snapshots: readonly Manifest[];
  readonly removed: readonly Manifest[];
  readonly removedSegments: readonly SegmentName[];
}

/**
 * What is kept: of each of the last hours and days that have one, the newest snapshot; the one named; and the
 * tail from the oldest hourly one on.
 * @param snapshots whole ones, in the order in which they were taken.
 * @param verified the newest one whose bytes were read and found right: it is never removed.
 */
export function keep(
  snapshots: readonly Manifest[],
  segments: readonly SegmentName[],
  verified: string,
): Kept {
  const hourly = newestOf(snapshots, HOUR_MS, HOURLY_KEPT);
  const kept = new Set([
    ...hourly,
    ...newestOf(snapshots, DAY_MS, DAILY_KEPT),
    ...snapshots.slice(snapshots.findIndex(({ id }) => id === verified)),
  ]);
  const oldest = snapshots.find((snapshot) => hourly.has(snapshot) || snapshot.id === verified);
  const newestTail = segments.at(-1)?.tail;
  const isUseless = ({ tail, hourAt, toBatch }: SegmentName): boolean =>
    oldest !== undefined &&
    hourAt + HOUR_MS <= oldest.at &&
    (tail !== newestTail || toBatch < oldest.ledger.batch);
  return {
    snapshots: snapshots.filter((snapshot) => kept.has(snapshot)),
    removed: snapshots.filter((snapshot) => !kept.has(snapshot)),
    // The last one shows where the tail continues.
    removedSegments: segments.slice(0, -1).filter(isUseless),
  };
}

function newestOf(snapshots: readonly Manifest[], spanMs: number, count: number): Set<Manifest> {
  const newest = new Map<number, Manifest>();
  for (const snapshot of snapshots) {
    const span = Math.floor(snapshot.at / spanMs);
    // At the end, also where a clock that was set back comes into the same hour again.
    newest.delete(span);
    newest.set(span, snapshot);
  }
  return new Set([...newest.values()].slice(-count));
}
