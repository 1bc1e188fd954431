import { expect, test } from 'bun:test';
import { cents } from '../game/price.ts';
import type { Tick } from '../game/tick.ts';
import { VolatilityEstimator } from '../game/volatility.ts';
import { Market } from './market.ts';

const OPTIONS = {
  windowMs: 5_000,
  columnsAhead: 12,
  rows: 16,
  tickMs: 100,
  quoteEveryTicks: 2,
  stage: 'calibrated',
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
