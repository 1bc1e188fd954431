import { describe, expect, test } from 'bun:test';
import { parseRecording, type Recording } from '../../server/feed/recording.ts';
import { excerptOf, Tape } from './tape.ts';

const recordingOf = (...rows: readonly string[]): Recording => {
  const read = parseRecording('rows.csv', `ts_ms,price\n${rows.join('\n')}\n`);
  if ('error' in read) throw new Error(read.error.message);
  return read.ok;
};

const RECORDING = recordingOf(
  '1700000003300,100.00',
  '1700000004300,100.10',
  '1700000074300,100.20',
  '1700000075300,100.30',
);

describe('tape', () => {
  test('begins with a window, and carries each price until the next row', () => {
    const tape = new Tape(RECORDING, 5_000);
    expect([tape.startAt, tape.endAt]).toEqual([1_700_000_005_000, 1_700_000_077_000]);
    expect([-1, 0, 999, 1_000].map((after) => tape.priceAt(tape.startAt + after))).toEqual([
      null,
      10_000,
      10_000,
      10_010,
    ] as never);
  });

  test('a hole of more than a minute is silent, and so is the time after the last row', () => {
    const tape = new Tape(RECORDING, 5_000);
    expect(
      [1_001, 70_999, 71_000, 72_000, 72_001].map((after) =>
        tape.sample(tape.startAt + after).map(({ price }) => price as number),
      ),
    ).toEqual([[], [], [10_020], [10_030], []]);
  });

  test('an excerpt has the rows of the first minutes at scaled prices', () => {
    const { times, prices } = excerptOf(RECORDING, 1, 0.333)!;
    expect([[...times], [...prices]]).toEqual([
      [1_700_000_003_300, 1_700_000_004_300],
      [3_330, 3_333],
    ]);
    expect([...excerptOf(RECORDING, null, 1)!.prices]).toEqual([...RECORDING.prices]);
  });

  test('a price that scaling takes out of bounds is none', () => {
    expect(excerptOf(RECORDING, null, 100_001)).toBeNull();
    expect(excerptOf(RECORDING, null, 0.00004)).toBeNull();
  });
});
