import type { EngineOptions } from '../../server/engine/engine-parts.ts';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import { ORDINARY } from '../../server/game/formula.ts';

export const TICK_MS = 100;
export const CAPS = {
  cellShare: 0.005,
  columnShare: 0.01,
  totalShare: 0.05,
  accountShare: 0.002,
  openBetsMax: 20,
  betsPerCellMax: 1,
};
export const OPTIONS: EngineOptions = {
  windows: [5_000],
  columnsAhead: 12,
  rows: 16,
  tickMs: TICK_MS,
  quoteEveryTicks: 2,
  watchFrozen: false,
  origin: 'http://localhost:3000',
  deadlineMsMax: 30_000,
  holdMs: 400,
  multiplierMax: ORDINARY.capHundredths as Multiplier,
  staleDegradedMs: 3_000,
  staleOpenMs: 10_000,
  hysteresisMs: 30_000,
  maxGapMs: 3_000,
  quoteTtlMs: 2_000,
  quoteTickAgeMsMax: 1_500,
  quoteTolerancePercent: 3,
  guardPercent: 80,
  stakes: [1, 5, 10, 25, 50, 100].map(dollars),
  batchTapsMax: 512,
  queueTapsMax: 10_000,
  columnShare: CAPS.columnShare,
  showOthers: true,
};
