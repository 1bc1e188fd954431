import { expect, test } from 'bun:test';
import { cellOfRow } from './grid.ts';
import { ORDINARY } from './formula.ts';
import type { Cents } from './price.ts';
import { RevisionPrices } from './revision-prices.ts';
import { lockedQuote, shownQuote, type GridRevision } from './revision.ts';

const NOW = 1_800_000_000_000;
const columns = [3, 7, 11].map((ahead) => ({
  start: NOW + ahead * 5_000,
  windowMs: 5_000,
  band: 2_000,
  low: 7_584_000 as Cents,
  haircut: ahead / 100,
}));
const revision: GridRevision = {
  revision: 7,
  at: NOW,
  tickSeq: 1,
  columns,
  pause: null,
  inputs: {
    model: 1,
    spot: 7_600_500 as Cents,
    v10: 1,
    vf: 0.2,
    cw: 0.65,
    ...ORDINARY,
    haircut: 0,
    tickMs: 100,
  },
};

test('every cell has the multiplier that the quote itself has, the second time as well', () => {
  const prices = new RevisionPrices(revision);
  const cells = columns.flatMap((column) =>
    Array.from({ length: 16 }, (_, row) => cellOfRow(column, row, 5_000)),
  );
  for (const cell of [...cells, ...cells]) {
    expect(prices.shown(cell)).toBe(shownQuote(revision, cell).multiplier);
    expect(prices.locked(cell)).toBe(lockedQuote(revision, cell).multiplier);
  }
  expect(new Set(cells.map((cell) => prices.shown(cell))).size).toBeGreaterThan(10);
});
