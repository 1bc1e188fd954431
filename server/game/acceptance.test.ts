import { describe, expect, test } from 'bun:test';
import { judgeTap, type MarketView, type TapOwner } from './acceptance.ts';
import { cellId, cellOfRow } from './grid.ts';
import { dollars, micros, multiplier, type Multiplier } from './money.ts';
import { ORDINARY } from './formula.ts';
import type { Cents } from './price.ts';
import { shownQuote, type GridRevision } from './revision.ts';
import type { Tap } from './tap.ts';

const WINDOW = 5_000;
const NOW = 1_800_000_000_000;
const ROWS = 16;
const column = {
  start: NOW + 3 * WINDOW,
  windowMs: WINDOW,
  band: 2_000,
  low: 7_584_000 as Cents,
  haircut: 0,
};
const revision = (number: number, at: number, more: Partial<GridRevision> = {}): GridRevision => ({
  revision: number,
  at,
  tickSeq: 1,
  columns: [column],
  pause: null,
  inputs: {
    model: 1,
    spot: 7_600_500 as Cents,
    v10: 1,
    vf: 0,
    cw: 0.65,
    ...ORDINARY,
    haircut: 0,
    tickMs: 100,
  },
  ...more,
});
const shownIn = revision(7, NOW - 300);
const cell = cellOfRow(column, 10, WINDOW);
const shown = shownQuote(shownIn, cell).multiplier!;

const tap = (more: Partial<Tap> = {}): Tap => ({
  cell: cellId(cell),
  stake: dollars(10),
  multiplier: shown,
  revision: 7,
  ...more,
});
const owner = (more: Partial<TapOwner> = {}): TapOwner => ({
  currency: 'PLAY',
  stakeMax: dollars(100),
  blocked: false,
  pausedUntil: null,
  ...more,
});
const market = (more: Partial<MarketView> = {}): MarketView => ({
  now: NOW,
  windows: [WINDOW],
  rows: ROWS,
  holdMs: 400,
  quoteTtlMs: 2_000,
  quoteTickAgeMsMax: 1_500,
  quoteTolerancePercent: 3,
  stakes: [1, 5, 10, 25, 50, 100].map(dollars),
  halted: false,
  maintenance: null,
  simulated: false,
  warm: true,
  headStartMeasured: true,
  lastTickAt: NOW - 100,
  current: shownIn,
  revision: (number) => (number === 7 ? shownIn : undefined),
  shown: (offering, one) => shownQuote(offering, one).multiplier,
  ...more,
});
const withColumn = (start: number) => {
  const moved = { ...column, start };
  const other = revision(7, NOW - 300, { columns: [moved] });
  const there = cellOfRow(moved, 10, WINDOW);
  return {
    tap: tap({ cell: cellId(there), multiplier: shownQuote(other, there).multiplier ?? shown }),
    market: market({ revision: () => other, current: other }),
  };
};

describe('columns of two boards that open together', () => {
  const long = { ...column, windowMs: 3 * WINDOW, band: 5_000, low: 7_580_000 as Cents, haircut: 0.1 };
  const both = revision(7, NOW - 300, { columns: [column, long] });
  const view = market({ windows: [WINDOW, 3 * WINDOW], revision: () => both, current: both });
  const [short, wide] = [cell, cellOfRow(long, 4, 3 * WINDOW)];
  const offered = (one: typeof cell) => shownQuote(both, one).multiplier!;

  test.each([
    ['the shorter', short],
    ['the longer', wide],
  ])('%s is sold in its own rows, at its own price', (_name, one) =>
    expect(judgeTap(tap({ cell: cellId(one), multiplier: offered(one) }), owner(), view)).toEqual({
      cell: one,
      filled: null,
    }),
  );

  test('a row of the one is none of the other', () => {
    const wrong = { ...wide, windowMs: WINDOW };
    expect(judgeTap(tap({ cell: cellId(wrong) }), owner(), view)).toEqual({ code: 'unknown_cell' });
  });

  test('each is locked its own whole window ahead', () => {
    const later = { ...view, now: NOW + WINDOW, lastTickAt: NOW + WINDOW - 100 };
    const judged = (one: typeof cell) => judgeTap(tap({ cell: cellId(one) }), owner(), later);
    expect(judged(wide)).toEqual({ code: 'column_locked' });
    expect(judged(short)).not.toEqual({ code: 'column_locked' });
  });

  test('the haircut of the one is not that of the other', () =>
    expect([shownQuote(both, short).haircut, shownQuote(both, wide).haircut]).toEqual([0, 0.1]));
});

describe('judgeTap', () => {
  test('a tap at the shown multiplier is accepted and held', () => {
    expect(judgeTap(tap(), owner(), market())).toEqual({ cell, filled: null });
  });

  const farRow = cellOfRow(column, 15, WINDOW);
  const rows: readonly [name: string, code: string, tap: Tap, owner: TapOwner, market: MarketView][] = [
    ['the breaker is open', 'halted', tap(), owner(), market({ halted: true })],
    [
      'real money on simulated prices',
      'simulated_prices',
      tap(),
      owner({ currency: 'USD' }),
      market({ simulated: true }),
    ],
    [
      'real money before the estimate is warm',
      'warming_up',
      tap(),
      owner({ currency: 'USD' }),
      market({ warm: false }),
    ],
    [
      'real money before anybody knows how far exchanges run ahead',
      'head_start_unmeasured',
      tap(),
      owner({ currency: 'USD' }),
      market({ headStartMeasured: false }),
    ],
    [
      'an account that the operator blocked',
      'account_blocked',
      tap(),
      owner({ blocked: true, pausedUntil: NOW + 1 }),
      market(),
    ],
    [
      'a pause of their own',
      'account_paused',
      tap({ cell: 'x' as Tap['cell'] }),
      owner({ pausedUntil: NOW + 1 }),
      market(),
    ],
    [
      'a window that would reach into a maintenance',
      'maintenance',
      tap({ revision: 6 }),
      owner(),
      market({ maintenance: { from: cell.startMs + 2 * WINDOW - 1, until: NOW + 3_600_000, reason: '' } }),
    ],
    ['not a cell id', 'unknown_cell', tap({ cell: 'x' as Tap['cell'] }), owner(), market()],
    [
      'a cell id with a leading zero',
      'unknown_cell',
      tap({ cell: `0${cellId(cell)}` as Tap['cell'] }),
      owner(),
      market(),
    ],
    [
      'another window length',
      'unknown_cell',
      tap({ cell: cellId({ ...cell, windowMs: 1_000 }) }),
      owner(),
      market(),
    ],
    [
      'a band that is not of the ladder',
      'unknown_cell',
      tap({ cell: cellId({ ...cell, high: (cell.high + 1) as Cents }) }),
      owner(),
      market(),
    ],
    [
      'a band between two rows',
      'unknown_cell',
      tap({ cell: cellId({ ...cell, low: (cell.low + 5) as Cents, high: (cell.high + 5) as Cents }) }),
      owner(),
      market(),
    ],
    [
      'a row above the grid',
      'unknown_cell',
      tap({ cell: cellId(cellOfRow(column, ROWS, WINDOW)) }),
      owner(),
      market(),
    ],
    [
      'a column that the grid does not have',
      'unknown_cell',
      tap({ cell: cellId({ ...cell, startMs: cell.startMs + WINDOW }) }),
      owner(),
      market(),
    ],
    ['a revision that nobody remembers', 'quote_expired', tap({ revision: 6 }), owner(), market()],
    [
      'a revision older than the time to live',
      'quote_expired',
      tap(),
      owner(),
      market({ now: NOW + 1_701, lastTickAt: NOW + 1_700 }),
    ],
    ['the newest tick too old', 'quote_expired', tap(), owner(), market({ lastTickAt: NOW - 1_501 })],
    [
      'a revision from a clock that was set back since',
      'quote_expired',
      tap(),
      owner(),
      market({ now: NOW - 3_000, lastTickAt: NOW - 3_000 }),
    ],
    [
      'the newest tick from a clock that was set back since',
      'quote_expired',
      tap(),
      owner(),
      market({ lastTickAt: NOW + 1 }),
    ],
    [
      'a revision from a clock that was set back by a little since',
      'quote_expired',
      tap(),
      owner(),
      market({ now: NOW - 301, lastTickAt: NOW - 400 }),
    ],
    [
      'a pause in the shown revision',
      'not_for_sale',
      tap(),
      owner(),
      market({ revision: () => revision(7, NOW, { pause: 'shock' }) }),
    ],
    [
      'a pause since then',
      'not_for_sale',
      tap(),
      owner(),
      market({ current: revision(8, NOW, { pause: 'frozen' }) }),
    ],
    [
      'a cell out of the bounds of sale',
      'not_for_sale',
      tap({ cell: cellId(farRow), multiplier: multiplier(9_999) }),
      owner(),
      market(),
    ],
    [
      'a better multiplier than shown',
      'quote_mismatch',
      tap({ multiplier: (shown + 1) as Multiplier }),
      owner(),
      market(),
    ],
    [
      'a worse multiplier than shown',
      'quote_mismatch',
      tap({ multiplier: (shown - 1) as Multiplier }),
      owner(),
      market(),
    ],
    ['half a cent', 'stake_not_offered', tap({ stake: micros(11_005_000) }), owner(), market()],
    ['less than the least preset', 'stake_not_offered', tap({ stake: dollars(0.99) }), owner(), market()],
    ['more than the largest', 'stake_not_offered', tap({ stake: dollars(100.01) }), owner(), market()],
    [
      'a stake above the key’s scope',
      'stake_over_scope',
      tap({ stake: dollars(100) }),
      owner({ stakeMax: dollars(50) }),
      market(),
    ],
  ];
  for (const [name, code, aTap, anOwner, aDesk] of rows)
    test(`${name}: ${code}`, () => expect(judgeTap(aTap, anOwner, aDesk)).toMatchObject({ code }));

  test('a column that opens in less than a window is locked, one that opens in exactly a window is not', () => {
    const locked = withColumn(NOW + WINDOW - 1 - ((NOW + WINDOW - 1) % WINDOW));
    expect(judgeTap(locked.tap, owner(), locked.market)).toMatchObject({ code: 'column_locked' });
    const exactly = withColumn(NOW + WINDOW);
    expect(judgeTap(exactly.tap, owner(), exactly.market)).not.toHaveProperty('code');
  });

  describe('without hold', () => {
    const atSpot = (spot: number) => revision(8, NOW, { inputs: { ...shownIn.inputs, spot: spot as Cents } });
    test('it is filled as shown while the price holds', () => {
      expect(judgeTap(tap(), owner(), market({ holdMs: 0 }))).toEqual({
        cell,
        filled: { multiplier: shown, revision: 7 },
      });
    });
    test('it is refused with the new multiplier when that fell by more than the tolerance', () => {
      const current = atSpot(cell.low + 900);
      const now = shownQuote(current, cell).multiplier!;
      expect(shown * 100).toBeGreaterThan(now * 103);
      expect(judgeTap(tap(), owner(), market({ holdMs: 0, current }))).toEqual({
        code: 'price_moved',
        multiplier: now,
      });
    });
    test('it is filled as shown when the multiplier rose', () => {
      const current = atSpot(cell.low - 6_000);
      expect(shownQuote(current, cell).multiplier!).toBeGreaterThan(shown);
      expect(judgeTap(tap(), owner(), market({ holdMs: 0, current }))).toEqual({
        cell,
        filled: { multiplier: shown, revision: 7 },
      });
    });
  });
});
