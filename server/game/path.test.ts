import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Cell } from './grid.ts';
import { jumpCents, type RULE_VERSIONS, touches } from './path.ts';
import type { Cents } from './price.ts';
import { resolve, type Resolution } from './resolution.ts';
import { medianOf } from './tick.ts';

type Sources = Readonly<Record<string, number>>;

/** A tick of these venues, its price their median. */
const tickOf = (seq: number, at: number, prices: Sources) => ({
  seq,
  at,
  price: medianOf(Object.values(prices) as Cents[]),
  sources: Object.entries(prices).map(([venue, price]) => ({ venue, price: price as Cents })),
});
const jump = (before: Sources, now: Sources) => jumpCents(tickOf(1, 0, before), tickOf(2, 100, now));

describe('jumpCents', () => {
  const rows: readonly [name: string, before: Sources, now: Sources, cents: number][] = [
    ['the same venues, however far they moved', { a: 100, b: 102, c: 104 }, { a: 900, b: 902, c: 904 }, 0],
    ['the same venues in another order', { a: 100, b: 102 }, { b: 102, a: 100 }, 0],
    ['the outer one of three goes', { a: 100, b: 102, c: 104 }, { a: 100, b: 102 }, 1],
    [
      'the middle one of three goes, between two that are apart',
      { a: 100, b: 102, c: 300 },
      { a: 100, c: 300 },
      98,
    ],
    [
      'the market moves while one goes: only the going counts',
      { a: 100, b: 102, c: 104 },
      { a: 500, b: 502 },
      1,
    ],
    ['a third one comes', { a: 100, b: 110 }, { a: 100, b: 110, c: 108 }, 3],
    ['one goes and another comes', { a: 100, b: 102 }, { a: 100, c: 120 }, 11],
    ['what went up and came down is not made up for', { a: 100, b: 140 }, { a: 100, c: 60 }, 40],
    ['nobody stays', { a: 100 }, { b: 100 }, Infinity],
    ['a recording begins to be played', { a: 100, b: 100 }, { walk: 100 }, Infinity],
    ['one venue alone', { walk: 100 }, { walk: 500 }, 0],
  ];
  test.each(rows)('%s', (_name, before, now, cents) => expect(jump(before, now)).toBe(cents));

  test('does not depend on the order of venues, and is what moves the price where no price moves', () => {
    const prices = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.integer({ min: 1_000, max: 2_000 }),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(prices, fc.array(fc.constantFrom('a', 'b', 'c', 'd')), (before, kept) => {
        const now = Object.fromEntries(
          Object.entries(before).filter(([venue]) => (kept as string[]).includes(venue)),
        );
        if (Object.keys(now).length === 0) return;
        const moved = Math.abs(tickOf(1, 0, before).price - tickOf(2, 100, now).price);
        expect(jump(before, now)).toBe(moved);
        expect(jump(now, before)).toBe(moved);
        expect(jump(Object.fromEntries(Object.entries(before).reverse()), now)).toBe(moved);
      }),
    );
  });
});

describe('touches', () => {
  const band = { low: 200 as Cents, high: 210 as Cents };
  const rows: readonly [name: string, from: number, to: number, jump: number, expected: boolean][] = [
    ['a segment across the band', 190, 230, 0, true],
    ['with a jump of half its height', 190, 230, 5, true],
    ['with a larger one: nothing is drawn', 190, 230, 6, false],
    ['but its end counts as a point', 190, 205, 6, true],
    ['and its beginning does not', 205, 230, 6, false],
    ['nobody stayed, the end in the band', 190, 210, Infinity, true],
    ['nobody stayed, the end outside it', 205, 211, Infinity, false],
  ];
  test.each(rows)('%s', (_name, from, to, jumped, expected) =>
    expect(touches({ from: from as Cents, to: to as Cents, jump: jumped }, band)).toBe(expected),
  );
});

type Outcome = Resolution['outcome'];

describe('a window over which venues come and go', () => {
  const cell: Cell = { startMs: 10_000, windowMs: 5_000, low: 200 as Cents, high: 210 as Cents };
  const calm = { a: 100, b: 101, c: 102 };
  const log = (...ticks: (readonly [at: number, prices: Sources])[]) =>
    ticks.map(([at, prices], index) => tickOf(index + 1, at, prices));
  const outcome = (version: (typeof RULE_VERSIONS)[number], ticks: ReturnType<typeof log>) =>
    resolve(cell, ticks, { version, maxGapMs: 3_000 }, ticks.at(-1)!.at).outcome;
  const around = (...ticks: (readonly [at: number, prices: Sources])[]) =>
    log([9_900, calm], [11_000, calm], ...ticks, [14_000, ticks.at(-1)![1]], [16_000, ticks.at(-1)![1]]);

  const rows: readonly [name: string, ticks: ReturnType<typeof log>, first: Outcome, second: Outcome][] = [
    [
      'two that stood still go together, and the third had moved on',
      around([12_000, { ...calm, c: 400 }], [12_100, { c: 400, d: 401 }]),
      'won',
      'lost',
    ],
    [
      'the same, and the new price lies in the band',
      around([12_000, { ...calm, c: 205 }], [12_100, { c: 205, d: 206 }]),
      'won',
      'won',
    ],
    [
      'the middle one goes, and the two that stay are apart',
      around([12_000, { a: 100, b: 101, c: 500 }], [12_100, { a: 100, c: 500 }]),
      'won',
      'lost',
    ],
    [
      'all three move through the band while one goes',
      around([12_000, calm], [12_100, { a: 400, b: 401 }]),
      'won',
      'won',
    ],
    ['one comes that brings nothing', around([12_000, { a: 100, b: 101 }], [12_100, calm]), 'lost', 'lost'],
  ];
  test.each(rows)('%s', (_name, ticks, first, second) =>
    expect([outcome(1, ticks), outcome(2, ticks)]).toEqual([first, second]),
  );
});
