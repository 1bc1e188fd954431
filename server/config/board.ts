import { BOARDS_MAX } from '../game/boards.ts';
import { ascendingList, optional, whole } from '../config-value.ts';
import { key } from '../config-key.ts';

/** Bounds of the length of a window, ms. */
export const [WINDOW_MS_MIN, WINDOW_MS_MAX] = [1000, 60_000] as const;

/** What is on offer, and how old it may be. */
export const BOARD = {
  windows: key(
    'BOARDS',
    ascendingList('ms', WINDOW_MS_MIN, WINDOW_MS_MAX, BOARDS_MAX),
    '2000,5000,15000',
    '2000,5000,15000',
    'Length of the windows of each board: traders choose among quick, normal and long.',
  ),
  windowMs: key(
    'WINDOW_MS',
    optional(whole('ms', WINDOW_MS_MIN, WINDOW_MS_MAX)),
    '',
    '5000',
    'Length of the windows of a single board, in place of BOARDS.',
  ),
  columnsAhead: key(
    'COLUMNS_AHEAD',
    whole('columns', 3, 60),
    '12',
    '12',
    'Columns on each board besides the current one.',
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
