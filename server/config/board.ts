import { whole } from '../config-value.ts';
import { key } from '../config-key.ts';

/** What is on offer, and how old it may be. */
export const BOARD = {
  windowMs: key('WINDOW_MS', whole('ms', 1000, 60_000), '5000', '10000', 'Length of a window.'),
  columnsAhead: key(
    'COLUMNS_AHEAD',
    whole('columns', 3, 60),
    '12',
    '12',
    'Columns on the board besides the current one.',
  ),
  rows: key('ROWS', whole('rows', 4, 40), '16', '16', 'Price bands per column.'),
  quoteEveryTicks: key(
    'QUOTE_EVERY_TICKS',
    whole('ticks', 1, 20),
    '2',
    '1',
    'Multipliers are recomputed every so many ticks.',
  ),
  quoteTtlMs: key(
    'QUOTE_TTL_MS',
    whole('ms', 200, 10_000),
    '2000',
    '2000',
    'Greatest age of the multiplier that a tap names.',
  ),
  quoteTickAgeMsMax: key(
    'QUOTE_TICK_AGE_MS_MAX',
    whole('ms', 200, 10_000),
    '1500',
    '1500',
    'Taps are refused when the newest tick is older than this.',
  ),
} as const;
