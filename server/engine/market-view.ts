import type { MarketView } from '../game/acceptance.ts';
import type { EngineOptions } from './engine-parts.ts';
import type { Market } from './market.ts';

/** The rules' view of a moment. `lastTickAt`: 0 before the first tick of this run. */
export const marketView = (
  { windows, rows, holdMs, quoteTtlMs, quoteTickAgeMsMax, quoteTolerancePercent, stakes }: EngineOptions,
  market: Market,
  moment: Pick<
    MarketView,
    'now' | 'halted' | 'maintenance' | 'simulated' | 'headStartMeasured' | 'lastTickAt'
  >,
): MarketView => ({
  ...moment,
  windows,
  rows,
  holdMs,
  quoteTtlMs,
  quoteTickAgeMsMax,
  quoteTolerancePercent,
  stakes,
  warm: market.estimator.warm,
  current: market.board?.revision ?? null,
  revision: (number) => market.revision(number),
  shown: (revision, cell) => market.shown(revision, cell),
});
