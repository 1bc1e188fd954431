import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Cell } from './grid.ts';
import { RULE_VERSIONS, type PathRule } from './path.ts';
import type { Cents } from './price.ts';
import { resolve, watchSilence, watchTick, type Watch } from './resolution.ts';

const cell: Cell = { startMs: 10_000, windowMs: 5_000, low: 100 as Cents, high: 110 as Cents };
const GAP = 3_000;
const rules = RULE_VERSIONS.map((version): PathRule => ({ version, maxGapMs: GAP }));
type Point = readonly [at: number, price: number];
const path = (...points: Point[]) =>
  points.map(([at, price], index) => ({ seq: index + 1, at, price: price as Cents, sources: [] }));
const steady = (from: number, to: number, price: number): Point[] => {
  const points: Point[] = [];
  for (let at = from; at <= to; at += 1_000) points.push([at, price]);
  return points;
};

describe('resolve', () => {
  /** The same by every version. */
  const rows: readonly [name: string, ticks: Point[], until: number, outcome: string, seq?: number][] = [
    [
      'price carried into the window lies in the band',
      [
        [9_900, 105],
        [10_050, 200],
      ],
      10_050,
      'won',
      1,
    ],
    [
      'carried price on the lower edge counts',
      [
        [9_900, 100],
        [10_050, 200],
      ],
      10_050,
      'won',
      1,
    ],
    ['carried price is decided after the opening without another tick', [[9_900, 105]], 10_001, 'won', 1],
    ['nothing is decided before the opening', [[9_900, 105]], 9_999, 'open'],
    [
      'a tick exactly at the opening is inside',
      [
        [9_900, 90],
        [10_000, 100],
      ],
      10_000,
      'won',
      2,
    ],
    [
      'a tick on the upper edge counts',
      [
        [9_900, 130],
        [12_000, 110],
      ],
      12_000,
      'won',
      2,
    ],
    [
      'a jump across the band counts by its segment',
      [
        [9_900, 90],
        [11_000, 120],
      ],
      11_000,
      'won',
      2,
    ],
    ['a tick at the very end is outside', [...steady(9_000, 14_000, 90), [15_000, 105]], 15_000, 'lost', 7],
    ['untouched and shown by a tick after the end', steady(9_000, 16_000, 90), 16_000, 'lost', 7],
    ['untouched but not yet shown', steady(9_000, 14_000, 90), 15_000, 'open'],
    ['silence over the end becomes a void', steady(9_000, 14_000, 90), 17_001, 'void'],
    ['silence exactly as long as allowed is still open', steady(9_000, 14_000, 90), 17_000, 'open'],
    [
      'gap inside the window',
      [
        [9_900, 90],
        [10_000, 90],
        [13_001, 90],
        [15_000, 90],
      ],
      15_000,
      'void',
    ],
    [
      'gap exactly as long as allowed',
      [
        [9_900, 90],
        [10_000, 90],
        [13_000, 90],
        [15_000, 90],
      ],
      15_000,
      'lost',
      4,
    ],
    [
      'touch after a gap still wins',
      [
        [9_900, 90],
        [10_000, 90],
        [13_001, 105],
      ],
      13_001,
      'won',
      3,
    ],
    [
      'a segment does not reach across a gap',
      [
        [9_900, 90],
        [13_001, 120],
        [15_000, 120],
      ],
      15_000,
      'void',
    ],
    [
      'a carried price does not reach across a gap',
      [
        [6_000, 105],
        [12_000, 90],
        [15_000, 90],
      ],
      15_000,
      'void',
    ],
    [
      'server down across the window',
      [
        [9_000, 105 - 50],
        [60_000, 105],
      ],
      60_000,
      'void',
    ],
    ['no tick at all', [], 15_000, 'void'],
    ['no tick at all, window still running', [], 14_999, 'open'],
    [
      'gap that ends exactly at the opening does not overlap',
      [
        [5_000, 90],
        [10_000, 90],
        [12_500, 90],
        [15_000, 90],
      ],
      15_000,
      'lost',
      4,
    ],
    [
      'gap that begins in the window and ends after it',
      [
        [9_900, 90],
        [14_900, 90],
        [18_000, 90],
      ],
      18_000,
      'void',
    ],
  ];
  for (const rule of rules) {
    for (const [name, ticks, until, outcome, tickSeq] of rows)
      test(`version ${rule.version}: ${name}`, () => {
        expect(resolve(cell, path(...ticks), rule, until)).toMatchObject({
          outcome,
          ...(tickSeq === undefined ? {} : { tickSeq }),
        });
      });
  }

  /**
   * What tells the versions apart: a tick at the opening. The outcomes are those of version 1 and of version
   * 2, with the tick that decides.
   */
  const LATER: Point = [12_500, 90];
  const edges: readonly [
    name: string,
    ticks: Point[],
    until: number,
    first: readonly [string, number?],
    second: readonly [string, number?],
  ][] = [
    [
      'in before, out at the opening',
      [[9_900, 105], [10_000, 90], LATER, [15_000, 90]],
      15_000,
      ['won', 1],
      ['lost', 4],
    ],
    [
      'out before, in at the opening',
      [
        [9_900, 90],
        [10_000, 105],
      ],
      10_000,
      ['won', 2],
      ['won', 2],
    ],
    [
      'out before, exactly on the lower edge at the opening',
      [
        [9_900, 90],
        [10_000, 100],
      ],
      10_000,
      ['won', 2],
      ['won', 2],
    ],
    [
      'out before, exactly on the upper edge at the opening',
      [
        [9_900, 130],
        [10_000, 110],
      ],
      10_000,
      ['won', 2],
      ['won', 2],
    ],
    [
      'a cent below the lower edge at the opening',
      [[9_900, 105], [10_000, 99], LATER, [15_000, 99]],
      15_000,
      ['won', 1],
      ['lost', 4],
    ],
    [
      'a cent above the upper edge at the opening',
      [
        [9_900, 105],
        [10_000, 111],
        [12_500, 111],
        [15_000, 111],
      ],
      15_000,
      ['won', 1],
      ['lost', 4],
    ],
    [
      'a jump across the band that lands at the opening',
      [
        [9_900, 90],
        [10_000, 120],
        [12_500, 120],
        [15_000, 120],
      ],
      15_000,
      ['won', 2],
      ['lost', 4],
    ],
    [
      'in at the opening and in before',
      [
        [9_900, 105],
        [10_000, 106],
      ],
      10_000,
      ['won', 1],
      ['won', 2],
    ],
    [
      'out at the opening, in at the first tick after it',
      [
        [9_900, 90],
        [10_000, 90],
        [10_001, 100],
      ],
      10_001,
      ['won', 3],
      ['won', 3],
    ],
    [
      'in at the opening after a gap',
      [
        [5_000, 90],
        [10_000, 105],
      ],
      10_000,
      ['won', 2],
      ['won', 2],
    ],
    [
      'in a millisecond before the opening, none at it',
      [
        [9_999, 105],
        [10_001, 90],
      ],
      10_001,
      ['won', 1],
      ['won', 1],
    ],
    [
      'in a millisecond before the end',
      [
        [9_900, 90],
        [12_500, 90],
        [14_999, 105],
      ],
      14_999,
      ['won', 3],
      ['won', 3],
    ],
    [
      'in exactly at the end',
      [
        [9_900, 90],
        [12_500, 90],
        [15_000, 105],
      ],
      15_000,
      ['lost', 3],
      ['lost', 3],
    ],
    [
      'a jump across the band that lands at the end',
      [
        [9_900, 90],
        [12_500, 90],
        [15_000, 120],
      ],
      15_000,
      ['lost', 3],
      ['lost', 3],
    ],
    [
      'in before, the clock at the opening, where a tick may yet come',
      [[9_900, 105]],
      10_000,
      ['won', 1],
      ['open'],
    ],
  ];
  for (const rule of rules) {
    test.each(edges)(`a tick on the edge, version ${rule.version}: %s`, (_, ticks, until, first, second) => {
      const [outcome, tickSeq] = rule.version === 1 ? first : second;
      expect(resolve(cell, path(...ticks), rule, until)).toMatchObject({
        outcome,
        ...(tickSeq === undefined ? {} : { tickSeq }),
      });
    });
  }

  const walks = fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 80, max: 130 })), {
    minLength: 1,
    maxLength: 40,
  });

  test.each(rules)('$version: an outcome once decided is never changed by more log', (rule) => {
    fc.assert(
      fc.property(walks, fc.integer({ min: 0, max: 40 }), (steps, cut) => {
        let at = 2_000;
        const ticks = steps.map(([by, price], index) => ({
          seq: index + 1,
          at: (at += by),
          price: price as Cents,
          sources: [],
        }));
        const early = ticks.slice(0, cut);
        const next = ticks[cut]?.at ?? at + 10_000;
        for (const until of [early.at(-1)?.at ?? 0, next]) {
          const then = resolve(cell, early, rule, until);
          if (then.outcome === 'open') continue;
          expect(resolve(cell, ticks, rule, Math.max(at, until))).toEqual(then);
        }
      }),
    );
  });

  test.each(rules)(
    '$version: watching tick by tick with the clock in between gives what the whole log gives',
    (rule) => {
      fc.assert(
        fc.property(walks, (steps) => {
          const watch: Watch = { startMs: cell.startMs, windowMs: cell.windowMs, rule, broken: false };
          let at = 2_000;
          const ticks = steps.map(([by, price], index) => ({
            seq: index + 1,
            at: (at += by),
            price: price as Cents,
            sources: [],
          }));
          let outcome = 'open';
          let before: (typeof ticks)[number] | null = null;
          const inBand = (low: number, high: number) => high >= cell.low && low <= cell.high;
          for (const tick of ticks) {
            for (const step of [watchSilence(watch, before, tick.at - 1), watchTick(watch, before, tick)]) {
              if (outcome !== 'open') break;
              if (step.carried && inBand(step.carried.price, step.carried.price)) outcome = 'won';
              else if (
                step.segment &&
                inBand(
                  Math.min(step.segment.from, step.segment.to),
                  Math.max(step.segment.from, step.segment.to),
                )
              )
                outcome = 'won';
              else if (step.ended) outcome = step.ended;
            }
            before = tick;
          }
          expect(outcome).toBe(resolve(cell, ticks, rule, at).outcome);
        }),
      );
    },
  );
});
