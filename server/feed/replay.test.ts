import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beside } from '../../test/stage/beside.ts';
import { parseRecording, readRecording, type Recording } from './recording.ts';
import { REPLAY_SEAM_MS, ReplayFeed, ticksOf } from './replay.ts';

const recordings = beside('data');
const START = 1_800_000_000_000;

function recorded(...rows: [number, number][]): Recording {
  const result = parseRecording(
    'made.csv',
    `ts_ms,price\n${rows.map(([at, dollars]) => `${at},${dollars}`).join('\n')}\n`,
  );
  if ('error' in result) throw new Error(result.error.message);
  return result.ok;
}

describe('ReplayFeed', () => {
  const started = async (recording: Recording, loop = false) => {
    const feed = new ReplayFeed(recording, { loop, now: () => START });
    await feed.start();
    return { feed, price: (elapsed: number) => feed.sample(START + elapsed)[0]?.price ?? null };
  };

  test('says what it is', () => {
    const feed = new ReplayFeed(recorded([1, 5]));
    expect({ name: feed.name, simulated: feed.simulated, label: feed.label, quorum: feed.quorum }).toEqual({
      name: 'replay',
      simulated: true,
      label: 'recorded prices: made.csv',
      quorum: 1,
    });
    expect(feed.sample(START)).toEqual([]);
    expect(feed.status(START)[0]!.state).toBe('stopped');
  });

  test('carries a price forward until the next row, and ends after the last', async () => {
    const { feed, price } = await started(recorded([1_000, 5], [1_250, 6], [1_250, 7], [61_250, 8]));
    expect([-1, 0, 249, 250, 30_000, 60_249, 60_250, 60_251].map(price)).toEqual([
      null,
      500,
      500,
      700,
      700,
      700,
      800,
      null,
    ] as never);
    expect(feed.status(START + 60_250)[0]).toMatchObject({ state: 'open', alive: true, price: 800 });
    expect(feed.status(START + 60_251)[0]).toMatchObject({ state: 'ended', alive: false, price: null });
  });

  test('a hole of more than 60 s is a gap from its beginning', async () => {
    const { feed, price } = await started(recorded([0, 5], [1_000, 6], [61_001, 7], [62_000, 8]));
    expect([999, 1_000, 1_001, 30_000, 61_000, 61_001].map(price)).toEqual([
      500,
      600,
      null,
      null,
      null,
      700,
    ] as never);
    expect(feed.status(START + 30_000)[0]).toMatchObject({ state: 'open', alive: false });
  });

  test('loops on request, with a gap where the end meets the beginning', async () => {
    const { price } = await started(recorded([1_000, 5], [2_000, 6]), true);
    const round = 1_000 + REPLAY_SEAM_MS;
    expect([1_000, 1_001, round - 1, round, round + 1_000, 5 * round, 5 * round + 1_001].map(price)).toEqual([
      600,
      null,
      null,
      500,
      600,
      500,
      null,
    ] as never);
  });

  test('after the stop there is no price', async () => {
    const { feed, price } = await started(recorded([0, 5], [1_000, 6]));
    expect(price(500)).toBe(500 as never);
    feed.stop();
    expect(price(500)).toBeNull();
    expect(feed.status(START + 500)[0]).toMatchObject({ state: 'stopped', alive: false });
  });

  test('a clock that goes back finds the price of that time', async () => {
    const { price } = await started(recorded([0, 5], [100, 6], [200, 7]));
    expect([200, 100, 0].map(price)).toEqual([700, 600, 500] as never);
  });
});

describe('ticksOf', () => {
  test('yields one tick every tickMs from the given time, none inside a gap', () => {
    const ticks = [
      ...ticksOf(recorded([50, 5], [175, 6], [250, 7], [70_250, 8], [70_300, 9]), {
        tickMs: 100,
        from: START,
      }),
    ];
    expect(ticks.map(({ at, price }) => [at - START, price])).toEqual([
      [0, 500],
      [100, 500],
      [200, 700],
      [70_200, 800],
    ] as never);
  });

  test('agrees with the feed at every tick', async () => {
    const recording = recorded([7, 5], [333, 6], [1_111, 7], [99_999, 8], [100_500, 9], [101_000, 10]);
    const feed = new ReplayFeed(recording, { now: () => START });
    await feed.start();
    const ticks = new Map(
      [...ticksOf(recording, { tickMs: 100, from: START })].map(({ at, price }) => [at, price]),
    );
    for (let at = START; at <= START + 101_100; at += 100)
      expect(feed.sample(at)[0]?.price).toBe(ticks.get(at)!);
  });

  test.skipIf(!recordings.isThere)(`every recorded file reads and yields ticks${recordings.why}`, () => {
    for (const name of readdirSync(recordings.path).filter((one) => one.endsWith('.csv.gz'))) {
      const result = readRecording(join(recordings.path, name));
      if ('error' in result) throw new Error(result.error.message);
      const { times } = result.ok;
      const ticks = [...ticksOf(result.ok, { tickMs: 1_000, from: 0 })].length;
      expect(ticks).toBeGreaterThan(10);
      expect(ticks).toBeLessThanOrEqual((times.at(-1)! - times[0]!) / 1_000 + 1);
    }
  });
});

test('between two rounds there is nothing for as long as told', async () => {
  const recording = {
    file: 'r.csv',
    times: Float64Array.from([0, 1_000]),
    prices: Float64Array.from([500, 600]),
  };
  let now = 5_000;
  const feed = new ReplayFeed(recording, { loop: true, seamMs: 65_000, now: () => now });
  await feed.start();
  expect([5_000, 6_000, 6_001, 70_999, 71_000].map((at) => feed.sample((now = at)).length)).toEqual([
    1, 1, 0, 0, 1,
  ]);
});
