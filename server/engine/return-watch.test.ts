import { expect, test } from 'bun:test';
import { dollars, micros } from '../game/money.ts';
import { ORDINARY } from '../game/formula.ts';
import { quotedReturn } from '../game/returns.ts';
import { ALPHA, ReturnWatch, STEP_MS } from './return-watch.ts';

const MONDAY = Date.UTC(2026, 5, 15);
const WEEK_MS = 7 * 86_400_000;
const STAKES = [1, 5, 10, 25, 50, 100];

/** Mulberry32. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A week of bets at one multiplier, some on the same cell, won as often as quoted, or more often by a part.
 * @returns dollars that were staked when it was found; null when it never was.
 */
function foundAfter(
  chance: () => number,
  multiplier: number,
  more: number,
  betsPerStep: number,
): number | null {
  const watch = new ReturnWatch();
  const odds = (quotedReturn(multiplier, ORDINARY) / (multiplier / 100)) * (1 + more);
  let staked = 0;
  for (let at = MONDAY; at < MONDAY + WEEK_MS; at += STEP_MS) {
    for (let bets = 0; bets < betsPerStep; ) {
      const won = chance() < odds;
      for (let same = 1 + Math.floor(chance() * 3); same > 0 && bets < betsPerStep; same--, bets++) {
        const stake = dollars(STAKES[Math.floor(chance() * STAKES.length)]!);
        staked += stake / 1e6;
        watch.close(
          'USD',
          multiplier,
          stake,
          micros(won ? Math.floor((stake * multiplier) / 100) : 0),
          ORDINARY,
          at,
        );
      }
    }
    const [reading] = watch.readings(at);
    if (reading!.excess > reading!.bound) return staked;
  }
  return null;
}

test('a fair house is not accused, though it is looked at every five minutes', () => {
  const chance = chanceOf(20260615);
  const weeks = [130, 300, 700, 2400].flatMap((multiplier) =>
    Array.from({ length: 25 }, () => foundAfter(chance, multiplier, 0, 8)),
  );
  expect(weeks.filter((found) => found !== null)).toEqual([]);
}, 60_000);

test.each([
  [130, 0.2, 100_000],
  [300, 0.2, 600_000],
  [700, 0.3, 600_000],
  [2400, 1, 400_000],
])(
  'at %d hundredths a house that pays %d more than quoted is found before %d dollars are staked',
  (multiplier, more, most) => {
    const found = foundAfter(chanceOf(multiplier), multiplier, more, 40);
    expect(found).not.toBeNull();
    expect(found!).toBeLessThan(most);
  },
);

test('a plain 95 % interval that is looked at as often accuses a fair house', () => {
  const chance = chanceOf(7);
  let accused = 0;
  for (let house = 0; house < 50; house++) {
    let [sum, squares] = [0, 0];
    for (let bets = 1, heard = false; bets <= 2_000 && !heard; bets++) {
      const step = (chance() < 1 / 3 ? 3 : 0) - 1;
      [sum, squares] = [sum + step, squares + step * step];
      heard = bets > 30 && sum > 1.96 * Math.sqrt(squares);
      if (heard) accused += 1;
    }
  }
  expect(accused / 50).toBeGreaterThan(1_000 * ALPHA);
});

const WIN = [dollars(100), dollars(300)] as const;

test('a step counts when it has ended, each bucket and currency by itself', () => {
  const watch = new ReturnWatch();
  watch.close('USD', 300, ...WIN, ORDINARY, MONDAY);
  watch.close('PLAY', 1_000, dollars(1), micros(0), ORDINARY, MONDAY);
  const readings = (at: number) =>
    watch.readings(at).map(({ currency, bucket, excess }) => [currency, bucket, Math.round(excess)]);
  expect(readings(MONDAY + STEP_MS - 1)).toEqual([
    ['PLAY', '10-25.01', 0],
    ['USD', '2-5', 0],
  ]);
  expect(readings(MONDAY + STEP_MS)).toEqual([
    ['PLAY', '10-25.01', -1],
    ['USD', '2-5', 300 - Math.round(100 * quotedReturn(300, ORDINARY))],
  ]);
});

test('a week begins anew on Monday; within it a restart goes on', () => {
  const watch = new ReturnWatch();
  const sunday = MONDAY + WEEK_MS - STEP_MS;
  watch.close('USD', 300, ...WIN, ORDINARY, sunday - STEP_MS);
  const kept = JSON.parse(JSON.stringify(watch.state(sunday)));
  const next = new ReturnWatch();
  next.restore(kept, sunday + 1);
  expect(next.readings(sunday + 1)).toEqual(watch.readings(sunday + 1));
  expect(next.readings(sunday + 1).length).toBe(1);
  expect(next.readings(MONDAY + WEEK_MS)).toEqual([]);
  const late = new ReturnWatch();
  late.restore(kept, MONDAY + WEEK_MS);
  expect(late.readings(MONDAY + WEEK_MS)).toEqual([]);
});
