import { join } from 'node:path';
import type { DiskPoint, DiskState } from '../ports/operations.ts';
import { diskBytes } from './disk.ts';
import { readSmallFile, writeSmallFile } from './small-file.ts';

export const DISK_HISTORY_FILE = 'disk-history.json';
/** At this used share no more bets are taken: what the forecast counts down to. */
const DISK_FORECAST_SHARE = 0.85;
const POINT_MS = 10 * 60_000;
/** A week. */
const POINTS_MAX = 7 * 24 * 6;
/** A pace that was seen for less is none. */
const SPAN_MS_MIN = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * How full the disk of the books was over the last week, kept in a small file so that a restart does not
 * forget it.
 */
export class DiskHistory {
  #points: DiskPoint[];

  constructor(
    private readonly dataDir: string,
    private readonly look: () => { readonly usedBytes: number; readonly totalBytes: number } = () =>
      diskBytes(dataDir),
  ) {
    this.#points = readPoints(join(dataDir, DISK_HISTORY_FILE));
  }

  /** Takes a point when one is due; call it as often as you like. */
  step(now: number): void {
    const last = this.#points.at(-1)?.at ?? -Infinity;
    if (now < last) this.#points = this.#points.filter(({ at }) => at <= now);
    else if (now - last < POINT_MS) return;
    this.#points.push({ at: now, usedBytes: this.look().usedBytes });
    if (this.#points.length > POINTS_MAX) this.#points.shift();
    // On a disk that takes nothing more the points live in memory.
    writeSmallFile(
      join(this.dataDir, DISK_HISTORY_FILE),
      this.#points.map((point) => [point.at, point.usedBytes]),
    );
  }

  state(now: number): DiskState {
    const { usedBytes, totalBytes } = this.look();
    const points = [...this.#points, { at: now, usedBytes }];
    return {
      usedBytes,
      totalBytes,
      usedShare: totalBytes === 0 ? 0 : usedBytes / totalBytes,
      points,
      daysLeft: daysUntil(totalBytes * DISK_FORECAST_SHARE, points),
    };
  }
}

/**
 * Days until the line of least squares through the points reaches `bytes`; null while they span too little
 * time, Infinity when it does not rise.
 */
export function daysUntil(bytes: number, points: readonly DiskPoint[]): number | null {
  const last = points.at(-1);
  if (last === undefined || last.at - points[0]!.at < SPAN_MS_MIN) return null;
  if (last.usedBytes >= bytes) return 0;
  const mean = (figure: (point: DiskPoint) => number): number =>
    points.reduce((sum, point) => sum + figure(point), 0) / points.length;
  const [at, used] = [mean((point) => point.at - last.at), mean((point) => point.usedBytes)];
  const variance = mean((point) => (point.at - last.at - at) ** 2);
  const perMs =
    variance === 0 ? 0 : mean((point) => (point.at - last.at - at) * (point.usedBytes - used)) / variance;
  return perMs <= 0 ? Infinity : (bytes - last.usedBytes) / perMs / DAY_MS;
}

function readPoints(path: string): DiskPoint[] {
  const rows = readSmallFile(path);
  if (!Array.isArray(rows)) return [];
  return rows
    .filter(
      (row): row is [number, number] =>
        Array.isArray(row) && row.length === 2 && row.every(Number.isSafeInteger),
    )
    .slice(-POINTS_MAX)
    .map(([at, usedBytes]) => ({ at, usedBytes }));
}
