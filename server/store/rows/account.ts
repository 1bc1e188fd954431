import type { Currency } from '../../game/money.ts';
import { LIMITS } from './limits.ts';
import { integer, orNull, table, text, textOf, type RowOf } from './table.ts';

type AccountKind = 'player' | 'house' | 'open' | 'funding';

/**
 * Accounts of players and, one each per currency, of the house, the open bets, and the funding from outside.
 */
export const ACCOUNTS = table('accounts', {
  id: text,
  kind: textOf<AccountKind>(),
  currency: textOf<Currency>(),
  address: orNull(text),
  balance: integer,
  version: integer,
  /** UTC day, days since the epoch, that the two sums beside it are for. */
  day: integer,
  dayStaked: integer,
  dayReturned: integer,
  dailyLoss: LIMITS.columns.dailyLoss,
  guardPercent: LIMITS.columns.guardPercent,
  openedAt: integer,
  loosensAt: LIMITS.columns.loosensAt,
  loosensTo: LIMITS.columns.loosensTo,
  pausedUntil: LIMITS.columns.pausedUntil,
  reminderMinutes: LIMITS.columns.reminderMinutes,
});

export type AccountRow = RowOf<typeof ACCOUNTS>;

/** What an account has that nobody has used yet. */
export const UNUSED = {
  address: null,
  balance: 0,
  version: 0,
  day: 0,
  dayStaked: 0,
  dayReturned: 0,
  dailyLoss: null,
  guardPercent: 0,
  openedAt: 0,
  loosensAt: null,
  loosensTo: null,
  pausedUntil: null,
  reminderMinutes: null,
} as const satisfies Partial<AccountRow>;

/** How an account stood after its last ledger row in a segment of the archive. */
export const ACCOUNT_ENDS = table('accounts', {
  id: text,
  kind: textOf<AccountKind>(),
  currency: textOf<Currency>(),
  balance: integer,
  version: integer,
  ledgerId: integer,
});

export type AccountEndRow = RowOf<typeof ACCOUNT_ENDS>;

/** Up to this row an account's ledger has been archived: balance and version after it. */
export const CHECKPOINTS = table(
  'ledger_checkpoints',
  { accountId: text, ledgerId: integer, balance: integer, version: integer, at: integer },
  ['accountId', 'ledgerId'],
);

export type CheckpointRow = RowOf<typeof CHECKPOINTS>;
