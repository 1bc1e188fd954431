import { Resolver } from '../../server/engine/resolver.ts';
import type { Bet } from '../../server/game/bet.ts';
import { micros, multiplier } from '../../server/game/money.ts';
import { RULE_VERSION } from '../../server/game/path.ts';
import type { Cents } from '../../server/game/price.ts';
import type { Tick } from '../../server/game/tick.ts';
import { rounded, spreadOf } from './spread.ts';

/** `msPerTick`: what the resolver spends on one tick with so many bets open, of which it closes so many. */
export interface ResolutionFigure {
  readonly open: number;
  readonly closing: number;
  readonly msPerTick: number;
  readonly msMin: number;
  readonly msMax: number;
}

const WINDOW_MS = 5000;
const TICK_MS = 100;
const COLUMNS = 13;
const ROWS = 16;
const BAND = 1000;
const LOW = 7_600_000;
const MAX_GAP_MS = 3000;
const START = 1_800_000_000_000;

/** In process, bets spread over the whole board; the tick comes in the middle of the first window. */
export function measureResolution(open: readonly number[], rounds: number): ResolutionFigure[] {
  return open.flatMap((bets) => [0, 0.01, 1].map((share) => figureOf(bets, share, rounds)));
}

function figureOf(open: number, share: number, rounds: number): ResolutionFigure {
  const closing = Math.round(open * share);
  const times: number[] = [];
  // Filling takes far longer than the tick that is measured; one round more at the beginning warms the code.
  for (let round = 0; round <= (open > 100_000 ? Math.min(rounds, 2) : rounds); round++) {
    const resolver = filled(open, closing);
    const tick = tickAt(START + 2 * TICK_MS, closing > 0 ? LOW + BAND / 2 : LOW - BAND);
    const began = performance.now();
    const closed = resolver.onTick(tick).length;
    if (round > 0) times.push(performance.now() - began);
    if (closed !== closing) throw new Error(`${closed} bets closed, not ${closing}`);
  }
  const { median, min, max } = spreadOf(times);
  return { open, closing, msPerTick: rounded(median), msMin: rounded(min), msMax: rounded(max) };
}

/**
 * `closing` bets lie on the first row of the window that is open, all others on cells that the tick does not
 * meet.
 */
function filled(open: number, closing: number): Resolver {
  const resolver = new Resolver(() => MAX_GAP_MS);
  resolver.restore(tickAt(START - TICK_MS, LOW - BAND));
  for (let index = 0; index < open; index++) {
    const cell = index < closing ? 0 : 1 + (index % (COLUMNS * ROWS - 1));
    resolver.add(betOn(index, Math.floor(cell / ROWS), cell % ROWS), START - TICK_MS, () => []);
  }
  resolver.onTick(tickAt(START, LOW - BAND));
  resolver.onTick(tickAt(START + TICK_MS, LOW - BAND));
  return resolver;
}

const tickAt = (at: number, price: number): Tick => ({
  seq: (at - START) / TICK_MS + 2,
  at,
  price: price as Cents,
  sources: [],
});

function betOn(index: number, column: number, row: number): Bet {
  const low = LOW + row * BAND;
  return {
    id: `bet-${index}`,
    accountId: `account-${index % 1000}`,
    currency: 'PLAY',
    simulated: true,
    rule: RULE_VERSION,
    cell: {
      startMs: START + column * WINDOW_MS,
      windowMs: WINDOW_MS,
      low: low as Cents,
      high: (low + BAND) as Cents,
    },
    stake: micros(1_000_000),
    shown: multiplier(235),
    shownRevision: 1,
    guardPercent: 80,
    placedAt: START - 5000,
    lockAt: START - 4600,
    locked: multiplier(235),
    lockedRevision: 2,
    status: 'locked',
    payout: micros(0),
    closedAt: null,
    closedTick: null,
    voidReason: null,
  };
}
