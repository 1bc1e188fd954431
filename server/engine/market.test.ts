import { expect, test } from 'bun:test';
import { cents } from '../game/price.ts';
import type { Tick } from '../game/tick.ts';
import { VolatilityEstimator } from '../game/volatility.ts';
import { Market } from './market.ts';

const OPTIONS = {
  windows: [5_000],
  columnsAhead: 12,
  rows: 16,
  tickMs: 100,
  quoteEveryTicks: 2,
  watchFrozen: false,
} as const;
const FROM = 1_780_000_000_000;

const tickAt = (seq: number): Tick => ({
  seq,
  at: FROM + seq * 100,
  price: cents(7_000_000),
  sources: [{ venue: 'replay', price: cents(7_000_000) }],
});

test('nothing is sold while the feed says that too few prices stand behind its own', () => {
  const thinUntil = FROM + 1_000;
  const market = new Market(
    { ...OPTIONS, isThin: (at) => at < thinUntil },
    new VolatilityEstimator({ declaredBp: 1 }),
    () => 0,
  );
  const pauses = Array.from({ length: 20 }, (_, seq) => market.take(tickAt(seq), 0, true))
    .filter((revision) => revision !== null)
    .map(({ at, pause }) => [at < thinUntil, pause]);
  expect(pauses.length).toBeGreaterThan(5);
  for (const [isThin, pause] of pauses) expect(pause).toBe(isThin ? 'thin' : null);
  expect(
    market.board!.columns.flatMap(({ multipliers }) => multipliers).some((multiplier) => multiplier !== null),
  ).toBe(true);
});

/** Pauses of revisions of one minute after `minutes` in which the price moved so often. */
function pausesAfter(minutes: number, movesPerMinute: (minute: number) => number): Set<unknown> {
  const market = new Market(
    { ...OPTIONS, tickMs: 1_000, watchFrozen: true },
    new VolatilityEstimator({ declaredBp: 1 }),
    () => 0,
  );
  const pauses = new Set<unknown>();
  let price = 7_000_000;
  for (let second = 0; second < (minutes + 1) * 60; second++) {
    const every = 60 / movesPerMinute(Math.floor(second / 60));
    if (second % every === 0) price += second % 2 ? 100 : 101;
    const at = FROM + second * 1_000;
    const source = { venue: 'coinbase', price: cents(price) };
    const revision = market.take({ seq: second + 1, at, price: cents(price), sources: [source] }, 0, true);
    if (revision !== null && second >= minutes * 60) pauses.add(revision.pause);
  }
  return pauses;
}

test.each([
  ['twelve moves a minute are too few', 3, () => 12, ['thin']],
  ['twenty are enough', 3, () => 20, [null]],
  [
    'one quiet minute of a lively half hour is sold',
    40,
    (minute: number) => (minute === 40 ? 12 : 60),
    [null],
  ],
  ['but not with fewer than ten moves', 40, (minute: number) => (minute >= 39 ? 6 : 60), ['thin']],
  [
    'one lively minute of a quiet half hour is not sold',
    40,
    (minute: number) => (minute === 40 ? 60 : 12),
    ['thin'],
  ],
] as const)('a live price that seldom moves: %s', (_, minutes, rate, pauses) => {
  expect([...pausesAfter(minutes, rate)]).toEqual([...pauses]);
});
