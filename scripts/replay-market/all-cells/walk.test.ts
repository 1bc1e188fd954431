import { describe, expect, test } from 'bun:test';
import { UNCORRECTED } from '../../../server/game/learned/corrections.ts';
import { Walk as PriceWalk } from '../../../server/feed/walk.ts';
import type { Recording } from '../../../server/feed/recording.ts';
import { engineOptions } from '../house.ts';
import { Tape } from '../tape.ts';
import { readTraderSpec } from '../trader.ts';
import { figuresOf } from './report.ts';
import { Walk, type WalkOptions } from './walk.ts';

const START = 1_700_000_000_000;
const ENGINE = engineOptions({ watchFrozen: false }, 400);
const OPTIONS: WalkOptions = {
  model: 2,
  holdMs: 400,
  afterMs: 0,
  gated: true,
  prior: UNCORRECTED,
  traders: ['random', 'near', 'far', 'burst'].map((name) => readTraderSpec(name)!),
  windowMs: 5_000,
  engine: ENGINE,
};

/** Ten prices a second of a walk; from `turn` seconds on those of another one. */
function tapeOf(seconds: number, everyMs = 100, turn = Infinity): Tape {
  const [walk, other] = ['one', 'other'].map((seed) => new PriceWalk({ seed, volatilityBp: 1.5 })) as [
    PriceWalk,
    PriceWalk,
  ];
  const rows = Math.floor((seconds * 1000) / everyMs);
  const times = Float64Array.from({ length: rows }, (_, row) => START + row * everyMs);
  const prices = Float64Array.from({ length: rows }, (_, row) => {
    const [one, two] = [walk.step(), other.step()];
    return row * everyMs < turn * 1000 ? one : two;
  });
  return new Tape({ file: 'walk.csv', times, prices } satisfies Recording, ENGINE.windows[0]!);
}

function walked(tape: Tape, options: Partial<WalkOptions> = {}, untilMs = Infinity) {
  const walk = new Walk(tape, { ...OPTIONS, ...options });
  for (let at = tape.startAt; at <= Math.min(tape.endAt, tape.startAt + untilMs); at += ENGINE.tickMs)
    walk.step(at);
  return figuresOf(walk.result());
}

const HOUR = 3_600;

describe('Walk', () => {
  test('around expected news nothing above its cap is sold, and all of it at a wider edge', () => {
    const news = { at: START, name: 'Fed', beforeMs: 3_600_000, afterMs: 4 * 3_600_000 };
    const [around, without] = [[news], []].map((calendar) =>
      walked(tapeOf(1_950), { calendar, gated: false }),
    );
    // A multiplier that is its cap belongs to the bucket above it.
    const cells = (from: number) => [around, without].map((one) => one!.buckets[from]!.cells);
    expect([cells(4)[0], cells(4)[1]! > 0, cells(3)[0]! * 10 < cells(3)[1]!]).toEqual([0, true, true]);
    expect(around!.buckets[2]!.quoted!).toBeLessThan(without!.buckets[2]!.quoted! - 0.05);
  });

  test('nothing is known of the future: where it is another one, nothing before it moves', () => {
    const [same, other] = [tapeOf(HOUR), tapeOf(HOUR, 100, 2_700)];
    const until = 2_700_000 - (same.startAt - START) - ENGINE.tickMs;
    const before = walked(same, {}, until);
    expect(before.all.cells).toBeGreaterThan(5_000);
    expect(walked(other, {}, until)).toEqual(before);
    expect(walked(other).corrections).not.toEqual(walked(same).corrections);
  });

  test('what is promised of a walk is what is paid, within chance; the first hours do not count', () => {
    const { all, buckets, hours } = walked(tapeOf(3 * HOUR), { afterMs: HOUR * 1000, gated: false });
    expect(Math.abs(all.d!)).toBeLessThan(2 * all.h!);
    expect(buckets.reduce((sum, { cells }) => sum + cells, 0)).toBe(all.cells);
    expect(hours.reduce((sum, { cells }) => sum + cells, 0)).toBe(all.cells);
    expect(hours[0]!.from >= new Date(START + HOUR * 1000).toISOString().slice(0, 13)).toBe(true);
  });

  test('a bucket that is closed has no cell on offer', () => {
    const { buckets, all } = walked(tapeOf(HOUR));
    expect(buckets.at(-1)).toMatchObject({ from: 10, to: 25, cells: 0, state: 'closed', quoted: null });
    expect(all.cells).toBeGreaterThan(0);
    expect(walked(tapeOf(HOUR), { gated: false }).buckets.at(-1)!.cells).toBeGreaterThan(0);
  });

  test('a tape whose price seldom moves is not sold on', () => {
    const { looks, all, buckets } = walked(tapeOf(HOUR, 5_000));
    expect(new Set(buckets.map(({ state }) => state))).toEqual(new Set(['closed']));
    expect(looks.all).toBeGreaterThan(400);
    // In the first minute nobody knows how often it moves; the estimate is not warm then.
    expect([looks.sparse + looks.paused, looks.paused <= 8]).toEqual([looks.all, true]);
    expect(all).toEqual({ cells: 0, quoted: null, realised: null, d: null, h: null });
  });

  test('each trader has the cells that suit them, and a sniper only those that are worth it', () => {
    const traders = ['random', 'near', 'far', 'sniper:1'].map((name) => readTraderSpec(name)!);
    const { traders: found, all } = walked(tapeOf(HOUR), { traders });
    expect(found['random']).toEqual(all);
    expect(found['near']!.quoted! > 0 && found['near']!.cells < all.cells).toBe(true);
    expect(found['sniper:1']!.cells).toBeGreaterThan(0);
    expect(found['sniper:1']!.realised!).toBeGreaterThan(all.realised!);
  });

  test('model 1 learns nothing', () => {
    const { corrections } = walked(tapeOf(HOUR), { model: 1 });
    expect(new Set(corrections.flat())).toEqual(new Set([65_536]));
  });
});
