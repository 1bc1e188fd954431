import { publicRefusal } from '../../views/bet/public-words.ts';
import { parseCellId } from '../../server/game/grid.ts';
import type { CsvField } from '../../server/http/csv.ts';
import type { RefusalRow, RefusedTap } from '../../server/ports/refusals.ts';
import type { LimitChange, SessionRecord } from '../../server/store/account-records.ts';
import type { ActionRow } from '../../server/store/rows/action.ts';
import { CELL_COLUMNS, cellFields, exactTime, money, time, times, whole } from './fields.ts';
import type { Sheet } from './sheet.ts';

/** Orders of which nothing was taken, a line for each of their taps. */
export const REFUSAL_SHEET: Sheet<RefusalRow> = {
  columns: [
    'Time (UTC)',
    'Code',
    'Reason',
    'Orders',
    ...CELL_COLUMNS,
    'Stake',
    'Multiplier shown',
    'Shown revision',
    'Request',
    'Nonce of the order',
    'Session',
    'Row',
    'Exact time',
  ],
  lines: (row) => (row.taps.length === 0 ? [null] : row.taps).map((tap) => refusalFields(row, tap)),
  json: (row) => row,
};

function refusalFields(row: RefusalRow, tap: RefusedTap | null): readonly CsvField[] {
  const code = tap?.code ?? row.code;
  return [
    time(row.at),
    code,
    publicRefusal(code),
    whole(row.orders),
    ...cellFields(tap === null ? null : parseCellId(tap.cell)),
    money(tap?.stake ?? null),
    times(tap?.multiplier ?? null),
    whole(tap?.revision ?? null),
    row.requestId,
    row.nonce,
    row.sessionId,
    whole(row.id),
    exactTime(row.at),
  ];
}

/** Keys with which an account was signed in. */
export const SESSION_SHEET: Sheet<SessionRecord> = {
  columns: [
    'Opened (UTC)',
    'Ends (UTC)',
    'Last used (UTC)',
    'Ended (UTC)',
    'Highest stake',
    'Stakes of a day',
    'Public key',
    'Session',
  ],
  lines: (row) => [
    [
      time(row.createdAt),
      time(row.expiresAt),
      time(row.seenAt),
      time(row.endedAt),
      money(row.stakeMax),
      money(row.dailyCap),
      row.publicKey,
      row.id,
    ],
  ],
  json: (row) => row,
};

/** What a trader has set for themselves, after each change. */
export const LIMIT_SHEET: Sheet<LimitChange> = {
  columns: [
    'Time (UTC)',
    'Daily loss limit',
    'Looser from (UTC)',
    'Looser limit',
    'Paused until (UTC)',
    'Guard percent',
    'Reminder minutes',
    'Row',
  ],
  lines: (row) => [
    [
      time(row.at),
      money(row.dailyLoss),
      time(row.loosensAt),
      money(row.loosensTo),
      time(row.pausedUntil),
      whole(row.guardPercent),
      whole(row.reminderMinutes),
      whole(row.seq),
    ],
  ],
  json: (row) => row,
};

/** What operators did. */
export const ACTION_SHEET: Sheet<ActionRow> = {
  columns: [
    'Time (UTC)',
    'What',
    'Target',
    'Detail',
    'Reason',
    'Operator',
    'Approved by',
    'Before',
    'After',
    'Id',
    'Row',
  ],
  lines: (row) => [
    [
      time(row.at),
      row.what,
      row.target,
      row.detail,
      row.reason,
      row.operator,
      row.approvedBy,
      row.before,
      row.after,
      row.id,
      whole(row.seq),
    ],
  ],
  json: (row) => row,
};
