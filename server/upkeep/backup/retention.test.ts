import { expect, test } from 'bun:test';
import type { Manifest } from './manifest.ts';
import { DAILY_KEPT, HOURLY_KEPT, keep } from './retention.ts';
import type { SegmentName } from './segment.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 1);

const snapshot = (hour: number): Manifest =>
  ({
    id: `s${String(hour).padStart(5, '0')}`,
    at: START + hour * HOUR_MS,
    ledger: { batch: hour * 100 },
  }) as Manifest;
const segment = (hour: number, tail = 't'): SegmentName => ({
  key: `${tail}/${hour}`,
  tail,
  hourAt: START + hour * HOUR_MS,
  number: hour,
  toBatch: hour * 100 + 50,
  hash: '',
});
const hours = (count: number): number[] => Array.from({ length: count }, (_, hour) => hour);

test('of hourly snapshots of 60 days, 48 hours and 30 days stay', () => {
  const all = hours(60 * 24).map(snapshot);
  const { snapshots, removed } = keep(all, [], all.at(-1)!.id);
  expect(snapshots.slice(-HOURLY_KEPT)).toEqual(all.slice(-HOURLY_KEPT));
  // The last two days are among the hours.
  expect(snapshots).toHaveLength(HOURLY_KEPT + DAILY_KEPT - 2);
  expect(snapshots[0]).toBe(all[31 * 24 - 1]!);
  expect(snapshots.length + removed.length).toBe(all.length);
});

test('a house that was off keeps the newest hours and days that it has', () => {
  const all = [0, 1, 2, 500, 501].map(snapshot);
  expect(keep(all, [], 's00501').removed).toEqual([]);
});

test('several of one hour leave the newest', () => {
  const all = [
    snapshot(1),
    { ...snapshot(1), id: 's1b', at: START + HOUR_MS + 1 },
    { ...snapshot(1), id: 's1c', at: START + HOUR_MS + 2 },
  ];
  expect(keep(all, [], 's1c').snapshots.map(({ id }) => id)).toEqual(['s1c']);
});

test('what was verified last stays with all that is newer, however old it is', () => {
  const all = hours(60 * 24).map(snapshot);
  const { snapshots } = keep(all, [], 's00003');
  expect(snapshots).toEqual(all.slice(3));
});

test('the tail stays from the oldest hourly snapshot on, and its last segment always', () => {
  const all = hours(100).map(snapshot);
  const segments = hours(100).map((hour) => segment(hour));
  const { removedSegments } = keep(all, segments, 's00099');
  expect(removedSegments.map(({ number }) => number)).toEqual(hours(52));
  expect(keep(all, [segment(3)], 's00099').removedSegments).toEqual([]);
});

test('of a tail that was given up nothing stays that is older', () => {
  const all = hours(100).map(snapshot);
  const old = [
    { ...segment(40, 'a'), toBatch: 1e9 },
    { ...segment(60, 'a'), toBatch: 1e9 },
  ];
  expect(keep(all, [...old, segment(99, 'b')], 's00099').removedSegments).toEqual([old[0]!]);
});

test('without a snapshot nothing goes', () =>
  expect(keep([], [segment(1), segment(2)], '').removedSegments).toEqual([]));
