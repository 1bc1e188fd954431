import { moneyList, percent, whole } from '../config-value.ts';
import { GUARD_PERCENT_MAX, GUARD_PERCENT_MIN } from '../game/own-limits.ts';
import { key } from '../config-key.ts';

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
    'Time between placed and locked; 0 fills at the multiplier shown.',
  ),
  guardPercent: key(
    'GUARD_PERCENT',
    percent(GUARD_PERCENT_MIN, GUARD_PERCENT_MAX),
    '80',
    '90',
    'A bet is never locked below this part of the multiplier shown; the stake comes back instead.',
  ),
  quoteTolerancePercent: key(
    'QUOTE_TOLERANCE_PERCENT',
    percent(0, 20),
    '3',
    '3',
    'Without a hold, a multiplier that fell by more is refused. With HOLD_MS=0 at most 4: ' +
      'a point below the edge.',
  ),
  openBetsMax: key('OPEN_BETS_MAX', whole('bets', 1, 5000), '200', '50', 'Open bets per account.'),
  tapsPerSignatureMax: key(
    'TAPS_PER_SIGNATURE_MAX',
    whole('taps', 1, 64),
    '16',
    '16',
    'Taps that may share one signature.',
  ),
  deadlineMsMax: key(
    'DEADLINE_MS_MAX',
    whole('ms', 1000, 60_000),
    '30000',
    '30000',
    'A tap may name a deadline at most this far ahead.',
  ),
  batchTapsMax: key('BATCH_TAPS_MAX', whole('taps', 1, 10_000), '512', '512', 'Taps in one database commit.'),
  queueTapsMax: key(
    'QUEUE_TAPS_MAX',
    whole('taps', 1, 1_000_000),
    '10000',
    '10000',
    'Taps that may wait; past it the answer is busy.',
  ),
} as const;
