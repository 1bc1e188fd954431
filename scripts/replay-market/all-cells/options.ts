import { boardNamed } from '../../../server/game/boards.ts';
import { CONFIG_KEYS } from '../../../server/config-keys.ts';
import { whole } from '../../../server/config-value.ts';
import { WINDOW_MS_MAX, WINDOW_MS_MIN } from '../../../server/config/board.ts';
import { REPLAYED_WINDOW_MS } from '../house.ts';
import type { Headline } from '../../../server/game/headline.ts';
import { readCalendarFile } from '../../operate/calendar-file.ts';
import type { Given } from '../../command-line/command.ts';
import { misused } from '../../command-line/failure.ts';

const WINDOW = whole('ms', WINDOW_MS_MIN, WINDOW_MS_MAX);
const DEFAULT_WINDOWS = CONFIG_KEYS.windows.fallback.split(',').map(Number);

/** What `tapgrid replay` takes for a walk over all cells, besides the options of every replay. */
export const ALL_CELLS_OPTIONS = {
  'all-cells': {
    about:
      'place no bets: price and decide every cell on offer instead, and tell what each bucket of ' +
      'multipliers was quoted and what it paid',
  },
  model: {
    value: '<1|2>',
    choices: ['1', '2'],
    fallback: '2',
    about: 'with --all-cells: 1, the formula that the server quotes by; 2, the learned model',
  },
  gate: {
    value: '<on|off>',
    choices: ['on', 'off'],
    fallback: 'on',
    about: 'with --all-cells: sell only what a bucket has earned, or all of it at ordinary margins',
  },
  after: { value: '<hours>', fallback: '6', about: 'with --all-cells: hours at the start that do not count' },
  calendar: {
    value: '<file>',
    about: 'with --all-cells: expected news, as tapgrid calendar import reads it; its terms apply around it',
  },
  board: {
    value: '<name|ms>',
    fallback: `${REPLAYED_WINDOW_MS}`,
    about:
      'with --all-cells: the board that is walked, quick, normal, long or the length of its windows in ms',
  },
} as const;

type Texts = Given<Record<never, never>, typeof ALL_CELLS_OPTIONS>['options'];

export interface AllCellsOptions {
  readonly model: 1 | 2;
  /** Whether only that is sold, and at those margins, which the buckets have earned. */
  readonly gated: boolean;
  /** Hours at the start that are learned from and not counted. */
  readonly afterHours: number;
  /** News of the time of the recording. */
  readonly calendar: readonly Headline[];
  /** Length of the windows of the board, ms. */
  readonly windowMs: number;
}

/** @throws CommandFailure when --after is no number of hours, --board no board, the calendar unreadable. */
export function readAllCells({ model, gate, after, calendar: file, board }: Texts): AllCellsOptions {
  const afterHours = /^\d{1,4}(\.\d{1,3})?$/.test(after) ? Number(after) : NaN;
  if (Number.isNaN(afterHours))
    throw misused('bad_value', `--after must be a number of hours from 0 to 9999, not ${after}.`);
  const windowMs = boardNamed(DEFAULT_WINDOWS, board)?.windowMs ?? WINDOW.parse(board);
  if (windowMs === undefined)
    throw misused('bad_value', `--board must be quick, normal, long or ${WINDOW.bounds}, not ${board}.`);
  const calendar = file === undefined ? [] : readCalendarFile(file);
  return { model: model === '1' ? 1 : 2, gated: gate === 'on', afterHours, calendar, windowMs };
}
