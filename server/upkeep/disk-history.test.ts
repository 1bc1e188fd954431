import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { daysUntil, DISK_HISTORY_FILE, DiskHistory } from './disk-history.ts';

const HOUR = 3_600_000;
const GIB = 1024 ** 3;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tapgrid-disk-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('the forecast follows the pace of the last week, over restarts too', () => {
  const disk = { usedBytes: 20 * GIB, totalBytes: 100 * GIB };
  let history = new DiskHistory(folder, () => disk);
  expect(history.state(0).daysLeft).toBeNull();
  for (let hour = 0; hour <= 24; hour++) {
    if (hour === 12) history = new DiskHistory(folder, () => disk);
    history.step(hour * HOUR);
    history.step(hour * HOUR + 1);
    disk.usedBytes += Math.floor(GIB / 24);
  }
  disk.usedBytes = 21 * GIB;
  const state = history.state(24 * HOUR);
  expect([state.points.length, state.usedShare]).toEqual([26, 0.21]);
  // 85 GiB are 64 away, at one a day.
  expect(state.daysLeft!).toBeCloseTo(64, 0);
});

test.each([
  [
    'too short a time',
    [
      [0, 1],
      [HOUR - 1, 2],
    ],
    null,
  ],
  [
    'nothing grows',
    [
      [0, 5],
      [2 * HOUR, 5],
    ],
    Infinity,
  ],
  [
    'it shrinks',
    [
      [0, 50],
      [2 * HOUR, 5],
    ],
    Infinity,
  ],
  [
    'it is there',
    [
      [0, 90],
      [2 * HOUR, 101],
    ],
    0,
  ],
  ['no points', [], null],
] as const)('%s', (_, points, days) =>
  expect(
    daysUntil(
      100,
      points.map(([at, usedBytes]) => ({ at, usedBytes })),
    ),
  ).toBe(days),
);

test('points are bounded, and those of a clock that ran ahead go', () => {
  const history = new DiskHistory(folder, () => ({ usedBytes: 1, totalBytes: 2 }));
  for (let at = 0; at < 1_100; at++) history.step(at * 600_000);
  expect(history.state(1_100 * 600_000).points).toHaveLength(1_009);
  history.step(200 * 600_000);
  expect(history.state(200 * 600_000).points.every(({ at }) => at <= 200 * 600_000)).toBe(true);
});

test.each(['', '{}', '[[1]]', '[["a",2],[1,2.5]]', 'x'.repeat(300_000)])(
  'a file that says nothing is no history',
  (text) => {
    writeFileSync(join(folder, DISK_HISTORY_FILE), text);
    expect(new DiskHistory(folder, () => ({ usedBytes: 1, totalBytes: 2 })).state(1).points).toHaveLength(1);
  },
);
