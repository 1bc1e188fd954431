import { moneyList, percent, whole } from '../config-value.ts';
import { GUARD_PERCENT_MAX, GUARD_PERCENT_MIN } from '../game/own-limits.ts';
import { key } from '../config-key.ts';
import { BETS_PER_CELL_BOUND } from '../game/exposure.ts';

/** What a tap may be, and how many are taken. */
export const TAPS = {
  stakesMicros: key(
    'STAKES_DOLLARS',
    moneyList(0.01, 10_000, 6),
    '1,5,10,25,50,100',
    '0.50,1,5',
    'The stakes on offer.',
  ),
  holdMs: key(
    'HOLD_MS',
    whole('ms', 0, 5000),
    '400',
    '0',
    'Time from placing a bet to locking it; 0 fills at the multiplier shown.',
  ),
  guardPercent: key(
    'GUARD_PERCENT',
    percent(GUARD_PERCENT_MIN, GUARD_PERCENT_MAX),
    '80',
    '90',
    'A bet is never locked below this share of the multiplier shown; its stake is refunded instead.',
  ),
  quoteTolerancePercent: key(
    'QUOTE_TOLERANCE_PERCENT',
    percent(0, 20),
    '3',
    '3',
    'Without a hold, a tap is refused if the multiplier fell by more than this. With HOLD_MS=0 at most 4: ' +
      'one point below the edge.',
  ),
  betsPerCellMax: key(
    'BETS_PER_CELL_MAX',
    whole('bets', 1, BETS_PER_CELL_BOUND),
    '5',
    '1',
    'Bets per account on one cell, each with its own multiplier; 1: a cell is tapped once.',
  ),
  openBetsMax: key('OPEN_BETS_MAX', whole('bets', 1, 5000), '200', '50', 'Open bets per account.'),
  tapsPerSignatureMax: key(
    'TAPS_PER_SIGNATURE_MAX',
    whole('taps', 1, 64),
    '16',
    '16',
    'Most taps under one signature.',
  ),
  deadlineMsMax: key(
    'DEADLINE_MS_MAX',
    whole('ms', 1000, 60_000),
    '30000',
    '30000',
    "How far ahead a tap's deadline may be.",
  ),
  batchTapsMax: key('BATCH_TAPS_MAX', whole('taps', 1, 10_000), '512', '512', 'Taps in one database commit.'),
  queueTapsMax: key(
    'QUEUE_TAPS_MAX',
    whole('taps', 1, 1_000_000),
    '10000',
    '10000',
    'Taps that may wait for a commit; beyond it, busy.',
  ),
} as const;
