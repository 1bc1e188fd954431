import { describe, expect, test } from 'bun:test';
import { isLocked, parseCellId } from '../../server/game/grid.ts';
import { ORDINARY } from '../../server/game/formula.ts';
import { quote, quoteColumn, type QuoteInputs } from '../../server/game/odds.ts';
import type { Cents } from '../../server/game/price.ts';
import type { GridRevision } from '../../server/game/revision.ts';
import type { Board } from '../../server/ports/events.ts';
import { Chance } from './chance.ts';
import { choose, readTraderSpec, type Choice, type Sight } from './trader.ts';

const AT = 1_800_000_000_000;
const SPOT = 6_000_000 as Cents;
const INPUTS: QuoteInputs = {
  model: 1,
  spot: SPOT,
  v10: 1,
  vf: 0,
  cw: 0.65,
  ...ORDINARY,
  haircut: 0,
  tickMs: 100,
};
const COLUMNS = Array.from({ length: 13 }, (_, ahead) => ({
  start: AT + ahead * 5_000,
  windowMs: 5_000,
  band: 1_000,
  low: (SPOT - 8_000) as Cents,
  haircut: 0,
}));
const BOARD: Board = {
  revision: {
    revision: 7,
    at: AT,
    tickSeq: 1,
    inputs: INPUTS,
    columns: COLUMNS,
    pause: null,
  } satisfies GridRevision,
  tick: { seq: 1, at: AT, price: SPOT, sources: [] },
  windowMs: 5_000,
  rows: 16,
  columns: COLUMNS.map((column) => ({
    ...column,
    locked: isLocked(column.start, AT, 5_000),
    multipliers: quoteColumn(INPUTS, column, 16, AT, 5_000),
  })),
};

/** A price that moves to `then` at once after the sight, and came from `before`. */
const sightOf = (before: number, then: number): Sight => ({
  at: AT + 40,
  board: BOARD,
  fastSlow: 1,
  priceAt: (at) => (at < AT ? before : at > AT + 40 ? then : SPOT) as Cents,
});

function choices(name: string, sight: Sight): Choice[] {
  const chance = new Chance(3);
  return Array.from({ length: 200 }, () => choose(readTraderSpec(name)!, sight, chance)).filter(
    (choice) => choice !== null,
  );
}

const cells = (all: readonly Choice[]) => all.map(({ cell }) => parseCellId(cell)!);

describe('traders', () => {
  test.each(['random', 'momentum', 'contrarian', 'sniper:0.5'])(
    '%s taps what is for sale, at the multiplier and revision shown, in columns that are open',
    (name) => {
      const all = choices(name, sightOf(SPOT - 500, SPOT + 3_000));
      expect(all.length).toBe(200);
      for (const { cell: id, multiplier, revision } of all) {
        const cell = parseCellId(id)!;
        const column = BOARD.columns.find(({ start }) => start === cell.startMs)!;
        expect([column.multipliers[(cell.low - column.low) / column.band], revision]).toEqual([
          multiplier,
          7,
        ]);
        expect(isLocked(cell.startMs, AT + 40, 5_000)).toBe(false);
      }
    },
  );

  test('the random trader comes to every row and column', () => {
    const all = cells(choices('random', sightOf(SPOT, SPOT)));
    expect(new Set(all.map(({ startMs }) => startMs)).size).toBe(11);
    expect(all.some(({ low }) => low > SPOT) && all.some(({ high }) => high < SPOT)).toBe(true);
  });

  test.each([
    ['momentum', SPOT - 500, 'above'],
    ['momentum', SPOT + 500, 'below'],
    ['contrarian', SPOT - 500, 'below'],
    ['contrarian', SPOT + 500, 'above'],
  ] as const)('%s after a move from %d taps %s the price', (name, before, side) => {
    for (const { low, high } of cells(choices(name, sightOf(before, SPOT))))
      expect(side === 'above' ? low > SPOT : high < SPOT).toBe(true);
  });

  test.each(['momentum', 'contrarian', 'sniper:0.5'])('%s passes while nothing moves', (name) => {
    expect(choices(name, sightOf(SPOT, SPOT))).toEqual([]);
  });

  test('the sniper taps only cells that are worth more than the stake at the price to come', () => {
    const then = (SPOT + 3_000) as Cents;
    const all = choices('sniper:0.5', sightOf(SPOT, then));
    for (const { cell: id, multiplier } of all) {
      const cell = parseCellId(id)!;
      const { probability } = quote(
        { ...INPUTS, spot: then },
        cell.low,
        cell.high,
        cell.startMs - (AT + 40) - 500,
        5_000,
      );
      expect((probability * multiplier) / 100).toBeGreaterThan(1);
    }
    expect(cells(all).every((cell) => cell.low >= SPOT)).toBe(true);
    expect(new Set(all.map(({ cell }) => cell)).size).toBeGreaterThan(1);
  });

  test('near takes the row of the price, far what pays 5× and more', () => {
    const still = sightOf(SPOT, SPOT);
    for (const { low, high } of cells(choices('near', still))) {
      expect(low).toBeLessThanOrEqual(SPOT);
      expect(high).toBeGreaterThanOrEqual(SPOT);
    }
    const far = choices('far', still).map(({ multiplier }) => multiplier);
    expect(far.length).toBeGreaterThan(0);
    expect(Math.min(...far)).toBeGreaterThanOrEqual(500);
  });

  test('burst waits until the fast volatility is well above the slow one', () => {
    expect(choices('burst', sightOf(SPOT, SPOT))).toEqual([]);
    expect(choices('burst', { ...sightOf(SPOT, SPOT), fastSlow: 1.6 }).length).toBe(200);
  });

  test('the sniper passes where the tape has a gap ahead', () => {
    const chance = new Chance(1);
    expect(
      choose(readTraderSpec('sniper:1')!, { at: AT, board: BOARD, fastSlow: 1, priceAt: () => null }, chance),
    ).toBeNull();
  });
});
