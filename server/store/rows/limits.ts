import { micros } from '../../game/money.ts';
import type { OwnLimits } from '../../game/own-limits.ts';
import { integer, named, orNull, table, text, type RowOf } from './table.ts';

/** What traders set for themselves: columns of their accounts, and of each change. Money in micro-dollars. */
export const LIMITS = table('accounts', {
  /** Holds until `loosensAt`, from then on `loosensTo` does; null: no limit. */
  dailyLoss: named('daily_loss_max', orNull(integer)),
  loosensAt: orNull(integer),
  loosensTo: orNull(integer),
  /** No bets before then. A pause that has ended stays here. */
  pausedUntil: orNull(integer),
  guardPercent: integer,
  reminderMinutes: orNull(integer),
});

export type LimitsRow = RowOf<typeof LIMITS>;

/** Each change of an account's own limits, and what they were after it. Append-only. */
export const LIMIT_CHANGES = table('limit_changes', {
  seq: integer,
  accountId: text,
  /** Number that the ledger chain had come to: bets with a higher one were placed after the change. */
  batch: integer,
  at: integer,
  ...LIMITS.columns,
});

/** As they are stored; {@link limitsOf} gives the same ones back. */
export const limitsRow = (limits: OwnLimits): LimitsRow => ({
  dailyLoss: limits.dailyLoss,
  loosensAt: limits.loosening?.at ?? null,
  loosensTo: limits.loosening?.dailyLoss ?? null,
  pausedUntil: limits.pausedUntil,
  guardPercent: limits.guardPercent,
  reminderMinutes: limits.reminderMinutes,
});

/** @throws RangeError for amounts that are no micro-dollars: the file was changed by other hands. */
export function limitsOf(row: LimitsRow): OwnLimits {
  const { dailyLoss, loosensAt, loosensTo, pausedUntil, reminderMinutes, guardPercent } = row;
  const money = (value: number | null) => (value === null ? null : micros(value));
  return {
    dailyLoss: money(dailyLoss),
    loosening: loosensAt === null ? null : { dailyLoss: money(loosensTo), at: loosensAt },
    pausedUntil,
    reminderMinutes,
    guardPercent,
  };
}
