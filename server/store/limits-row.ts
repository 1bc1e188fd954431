import { micros } from '../game/money.ts';
import type { OwnLimits } from '../game/own-limits.ts';

/** Columns of `accounts` and of `limit_changes` under the names of {@link LimitsRow}. */
export const LIMIT_COLUMNS = `daily_loss_max AS "dailyLoss", loosens_at AS "loosensAt", loosens_to AS "loosensTo", paused_until AS "pausedUntil",
  reminder_minutes AS "reminderMinutes", guard_percent AS "guardPercent"`;

export interface LimitsRow {
  readonly dailyLoss: number | null;
  readonly loosensAt: number | null;
  readonly loosensTo: number | null;
  readonly pausedUntil: number | null;
  readonly reminderMinutes: number | null;
  readonly guardPercent: number;
}

export function limitsOf({
  dailyLoss,
  loosensAt,
  loosensTo,
  pausedUntil,
  reminderMinutes,
  guardPercent,
}: LimitsRow): OwnLimits {
  const money = (value: number | null) => (value === null ? null : micros(value));
  return {
    dailyLoss: money(dailyLoss),
    loosening: loosensAt === null ? null : { dailyLoss: money(loosensTo), at: loosensAt },
    pausedUntil,
    reminderMinutes,
    guardPercent,
  };
}
