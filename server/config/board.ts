import { choice, whole } from '../config-value.ts';
import { key } from '../config-key.ts';

/** What is on offer, and how old it may be. */
export const BOARD = {
  windowMs: key('WINDOW_MS', whole('ms', 1000, 60_000), '5000', '10000', 'Length of a column.'),
  columnsAhead: key(
    'COLUMNS_AHEAD',
    whole('columns', 3, 60),
    '12',
    '12',
    'Columns on the board after the current one.',
  ),
  rows: key('ROWS', whole('rows', 4, 40), '16', '16', 'Price bands per column.'),
  quoteEveryTicks: key(
    'QUOTE_EVERY_TICKS',
    whole('ticks', 1, 20),
    '2',
    '1',
    'Every so many ticks the multipliers are computed anew.',
  ),
  quoteTtlMs: key(
    'QUOTE_TTL_MS',
    whole('ms', 200, 10_000),
    '2000',
    '2000',
    'A tap may name a multiplier that is at most this old.',
  ),
  quoteTickAgeMsMax: key(
    'QUOTE_TICK_AGE_MS_MAX',
    whole('ms', 200, 10_000),
    '1500',
    '1500',
    'No tap is taken when the newest tick is older.',
  ),
  modelStage: key(
    'MODEL_STAGE',
    choice(['first-weeks', 'calibrated']),
    'calibrated',
    'first-weeks',
    'Which margins of the odds model apply: wider ones until there is own data, then the calibrated ones.',
  ),
} as const;
