import { describe, expect, test } from 'bun:test';
import { isGapAt, isThinAt, lastRowAt } from './recording-density.ts';
import { complaintOf, qualityOf } from './recording-quality.ts';
import type { Recording } from './recording.ts';

const recordingOf = (...times: number[]): Recording => ({
  file: 'r.csv',
  times: Float64Array.from(times),
  prices: new Float64Array(times.length).fill(500),
});
const every = (stepMs: number, count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, k) => from + k * stepMs);

test('ten prices in the minute before are enough, nine are not', () => {
  const [enough, few] = [recordingOf(...every(6_000, 100)), recordingOf(...every(6_700, 100))];
  for (const time of [120_000, 120_001, 300_000])
    expect([time, isThinAt(enough, time), isThinAt(few, time)]).toEqual([time, false, true]);
});

test('in the first minute the prices of that minute count', () => {
  expect([0, 1_000, 59_000].map((time) => isThinAt(recordingOf(...every(1_000, 200)), time))).toEqual([
    false,
    false,
    false,
  ]);
  expect(isThinAt(recordingOf(0, ...every(100, 200, 61_000)), 0)).toBe(true);
});

test('a hole is a gap from just after the row before it up to the row behind it', () => {
  const { times } = recordingOf(0, 60_000, 120_001, 120_101);
  const gapAt = (time: number): boolean => isGapAt(times, lastRowAt(times, time), time);
  expect([0, 1, 60_000, 60_001, 120_000, 120_001, 120_050].map(gapAt)).toEqual([
    false,
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

describe('qualityOf', () => {
  test('all of a dense recording can be played', () => {
    const quality = qualityOf(recordingOf(...every(100, 6_001)));
    expect(quality).toEqual({
      rows: 6_001,
      spanMs: 600_000,
      rowsPerMinute: 600.1,
      longestHoleMs: 100,
      gapShare: 0,
      thinShare: 0,
      playableShare: 1,
    });
    expect(complaintOf('r.csv', quality)).toBeNull();
  });

  test('shares are of the time, and add up', () => {
    const quality = qualityOf(recordingOf(...every(1_000, 101), ...every(1_000, 101, 200_000)));
    expect(quality.gapShare + quality.thinShare + quality.playableShare).toBeCloseTo(1, 12);
    expect(quality).toMatchObject({ longestHoleMs: 100_000, gapShare: 99 / 301 });
    // Behind the hole the minute before has to fill again.
    expect(quality.thinShare).toBeCloseTo(9 / 301, 12);
    expect(complaintOf('r.csv', quality)).toMatchObject({
      unplayable: false,
      message: expect.stringContaining('for 64 % of its time'),
    });
  });
});
