import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { PathRule } from '../path.ts';
import type { Cents } from '../price.ts';
import { resolve } from '../resolution.ts';
import { medianOf, type Tick } from '../tick.ts';
import { ShadowBook } from './shadow-book.ts';

const START = 10_000;
const WINDOW = 5_000;
const BAND = 10;
const RULE: PathRule = { version: 2, maxGapMs: 3_000 };

/** Ticks on and around the window, of one to three venues that come and go. */
const TICKS = fc
  .array(
    fc.record({
      step: fc.oneof(
        { arbitrary: fc.integer({ min: 1, max: 9 }).map((hundreds) => hundreds * 100), weight: 40 },
        { arbitrary: fc.constant(3_100), weight: 1 },
      ),
      prices: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 950, max: 1_050 }), {
        minKeys: 1,
      }),
    }),
    { minLength: 12, maxLength: 40, size: 'max' },
  )
  .map((steps): Tick[] => {
    let at = 7_000;
    return steps.map(({ step, prices }, index) => ({
      seq: index + 1,
      at: (at += step),
      price: medianOf(Object.values(prices) as Cents[]),
      sources: Object.entries(prices).map(([venue, price]) => ({ venue, price: price as Cents })),
    }));
  });

describe('ShadowBook', () => {
  test('decides every cell as a bet on it would be, and leaves out windows with a gap', () => {
    let [decidedWindows, voids] = [0, 0];
    fc.assert(
      fc.property(TICKS, (ticks) => {
        const decided = new Map<number, boolean>();
        const book = new ShadowBook<{ low: number; high: number }>(RULE, ({ low }, touched) =>
          decided.set(low, touched),
        );
        const cells = Array.from({ length: 12 }, (_, row) => ({
          low: 940 + row * BAND,
          high: 950 + row * BAND,
        }));
        book.price({ start: START, windowMs: WINDOW, band: BAND }, cells);
        ticks.forEach((tick, index) => book.onTick(ticks[index - 1] ?? null, tick));
        const outcomes = cells.map(({ low, high }) => {
          const cell = { startMs: START, windowMs: WINDOW, low: low as Cents, high: high as Cents };
          return resolve(cell, ticks, RULE, ticks.at(-1)!.at).outcome;
        });
        const isOver = ticks.at(-1)!.at >= START + WINDOW;
        if (!isOver) return expect(decided.size).toBe(0);
        if (outcomes.includes('void') || decided.size === 0) {
          voids++;
          return expect(decided.size).toBe(0);
        }
        decidedWindows++;
        expect([...decided.values()]).toEqual(outcomes.map((outcome) => outcome === 'won'));
      }),
      { numRuns: 1_500 },
    );
    expect(decidedWindows).toBeGreaterThan(50);
    expect(voids).toBeGreaterThan(50);
  });
});
