import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { resolve, watchSilence, watchTick, type Watch } from './resolution.ts';
import type { Cell } from './grid.ts';
import type { Cents } from './price.ts';

const cell: Cell = { startMs: 10_000, windowMs: 5_000, low: 100 as Cents, high: 110 as Cents };
const GAP = 3_000;
type Point = readonly [at: number, price: number];
const path = (...points: Point[]) => points.map(([at, price], index) => ({ seq: index + 1, at, price: price as Cents }));
const steady = (from: number, to: number, price: number): Point[] => {
  const points: Point[] = [];
  for (let at = from; at <= to; at += 1_000) points.push([at, price]);
  return points;
};

describe('resolve', () => {
  const rows: readonly [name: string, ticks: Point[], until: number, outcome: string, seq?: number][] = [
    ['price carried into the window lies in the band', [[9_900, 105], [10_000, 200]], 10_000, 'won', 1],
    ['carried price on the lower edge counts', [[9_900, 100], [10_050, 200]], 10_050, 'won', 1],
    ['carried price is decided at the opening without another tick', [[9_900, 105]], 10_000, 'won', 1],
    ['nothing is decided before the opening', [[9_900, 105]], 9_999, 'open'],
    ['a tick exactly at the opening is inside', [[9_900, 90], [10_000, 100]], 10_000, 'won', 2],
    ['a tick on the upper edge counts', [[9_900, 130], [12_000, 110]], 12_000, 'won', 2],
    ['a jump across the band counts by its segment', [[9_900, 90], [11_000, 120]], 11_000, 'won', 2],
    ['a tick at the very end is outside', [...steady(9_000, 14_000, 90), [15_000, 105]], 15_000, 'lost', 7],
    ['untouched and shown by a tick after the end', steady(9_000, 16_000, 90), 16_000, 'lost', 7],
    ['untouched but not yet shown', steady(9_000, 14_000, 90), 15_000, 'open'],
    ['silence over the end becomes a void', steady(9_000, 14_000, 90), 17_001, 'void'],
    ['silence exactly as long as allowed is still open', steady(9_000, 14_000, 90), 17_000, 'open'],
    ['gap inside the window', [[9_900, 90], [10_000, 90], [13_001, 90], [15_000, 90]], 15_000, 'void'],
    ['gap exactly as long as allowed', [[9_900, 90], [10_000, 90], [13_000, 90], [15_000, 90]], 15_000, 'lost', 4],
    ['touch after a gap still wins', [[9_900, 90], [10_000, 90], [13_001, 105]], 13_001, 'won', 3],
    ['a segment does not reach across a gap', [[9_900, 90], [13_001, 120], [15_000, 120]], 15_000, 'void'],
    ['a carried price does not reach across a gap', [[6_000, 105], [12_000, 90], [15_000, 90]], 15_000, 'void'],
    ['server down across the window', [[9_000, 105 - 50], [60_000, 105]], 60_000, 'void'],
    ['no tick at all', [], 15_000, 'void'],
    ['no tick at all, window still running', [], 14_999, 'open'],
    ['gap that ends exactly at the opening does not overlap', [[5_000, 90], [10_000, 90], [12_500, 90], [15_000, 90]], 15_000, 'lost', 4],
    ['gap that begins in the window and ends after it', [[9_900, 90], [14_900, 90], [18_000, 90]], 18_000, 'void'],
  ];
  for (const [name, ticks, until, outcome, seq] of rows) {
    test(name, () => {
      const got = resolve(cell, path(...ticks), GAP, until);
      expect(got.outcome).toBe(outcome as typeof got.outcome);
      if (seq !== undefined) expect(got).toMatchObject({ tickSeq: seq });
    });
  }

  const walks = fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 80, max: 130 })), { minLength: 1, maxLength: 40 });

  test('an outcome once decided is never changed by more log', () => {
    fc.assert(fc.property(walks, fc.integer({ min: 0, max: 40 }), (steps, cut) => {
      let at = 2_000;
      const ticks = steps.map(([by, price], index) => ({ seq: index + 1, at: (at += by), price: price as Cents }));
      const early = ticks.slice(0, cut);
      const next = ticks[cut]?.at ?? at + 10_000;
      for (const until of [early.at(-1)?.at ?? 0, next]) {
        const then = resolve(cell, early, GAP, until);
        if (then.outcome === 'open') continue;
        expect(resolve(cell, ticks, GAP, Math.max(at, until))).toEqual(then);
      }
    }));
  });

  test('watching tick by tick with the clock in between gives what the whole log gives', () => {
    fc.assert(fc.property(walks, (steps) => {
      const watch: Watch = { startMs: cell.startMs, windowMs: cell.windowMs, broken: false };
      let at = 2_000;
      const ticks = steps.map(([by, price], index) => ({ seq: index + 1, at: (at += by), price: price as Cents }));
      let outcome = 'open';
      let before: (typeof ticks)[number] | null = null;
      const inBand = (low: number, high: number) => high >= cell.low && low <= cell.high;
      for (const tick of ticks) {
        for (const step of [watchSilence(watch, before, GAP, tick.at - 1), watchTick(watch, before, tick, GAP)]) {
          if (outcome !== 'open') break;
          if (step.carried && inBand(step.carried.price, step.carried.price)) outcome = 'won';
          else if (step.segment && inBand(Math.min(step.segment.from, step.segment.to), Math.max(step.segment.from, step.segment.to))) outcome = 'won';
          else if (step.ended) outcome = step.ended;
        }
        before = tick;
      }
      expect(outcome).toBe(resolve(cell, ticks, GAP, at).outcome);
    }));
  });
});
