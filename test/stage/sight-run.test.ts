import { expect, test } from 'bun:test';
import { Walk, WALK_START_PRICE } from '../../server/feed/walk.ts';
import type { Cents } from '../../server/game/price.ts';
import { sightsOf, type Sight } from './sight-run.ts';

const TICK_MS = 100;
const START_AT = 1_780_000_000_000;

/** Minutes at a volatility, bp per √s: first those that the estimate needs, then the ones looked at. */
const STRETCHES = [
  ['warming up', 31, 0.5],
  ['calm', 8, 0.12],
  ['lively', 8, 0.7],
  ['fast', 8, 3],
] as const;

/** A walk through all stretches, and which of them a moment is in. */
function walked(seed: string) {
  const prices: Cents[] = [];
  const stretches: string[] = [];
  for (const [name, minutes, volatilityBp] of STRETCHES) {
    const walk = new Walk({
      seed: `${seed} ${name}`,
      volatilityBp,
      startPrice: prices.at(-1) ?? WALK_START_PRICE,
    });
    for (let i = 0; i < (minutes * 60_000) / TICK_MS; i++) {
      walk.step();
      prices.push(walk.price);
      stretches.push(name);
    }
  }
  const index = (at: number): number => (at - START_AT) / TICK_MS;
  return {
    startAt: START_AT,
    endAt: START_AT + (prices.length - 1) * TICK_MS,
    sample: (at: number) => [{ venue: 'walk', price: prices[index(at)]! }],
    stretchAt: (at: number): string => stretches[index(at)]!,
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

test('of the cells in a phone’s sight three in four have a multiplier, calm, lively and fast', () => {
  const tape = walked('sight');
  const byStretch = new Map<string, Sight[]>();
  for (const sight of sightsOf(tape, { windows: [5_000], isCertified: true, room: 11 })) {
    const stretch = tape.stretchAt(sight.at);
    byStretch.set(stretch, [...(byStretch.get(stretch) ?? []), sight]);
  }
  for (const name of ['calm', 'lively', 'fast']) {
    const sights = byStretch.get(name) ?? [];
    expect([name, sights.length > 300]).toEqual([name, true]);
    expect([name, mean(sights.map(({ share }) => share)) > 0.8]).toEqual([name, true]);
    expect([name, mean(sights.map(({ share }) => (share >= 0.75 ? 1 : 0))) > 0.85]).toEqual([name, true]);
    expect([name, Math.max(...sights.map(({ share }) => share)) < 1.0001]).toEqual([name, true]);
  }
  // Eleven rows, as the window has room for, would have holes.
  expect(mean((byStretch.get('calm') ?? []).map(({ rows }) => rows))).toBeLessThan(9);
});

test('a house that has just begun shows fewer rows rather than holes', () => {
  const tape = walked('begins');
  const endAt = START_AT + 60_000;
  const sights = [...sightsOf({ ...tape, endAt }, { windows: [5_000], isCertified: false, room: 11 })];
  expect(sights.length).toBeGreaterThan(50);
  expect(mean(sights.map(({ share }) => share))).toBeGreaterThan(0.75);
  expect(Math.max(...sights.map(({ rows }) => rows))).toBeLessThan(11);
});
