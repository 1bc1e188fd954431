import { dollars, type Micros } from './money.ts';

/**
 * Bounds of what they may set: the highest loss limit, the guard in percent of the shown multiplier, the
 * longest time between two reminders (a day).
 */
export const DAILY_LOSS_MAX = dollars(1_000_000);
export const GUARD_PERCENT_MIN = 50;
export const GUARD_PERCENT_MAX = 95;
export const REMINDER_MINUTES_MAX = 1_440;

/** What traders set for themselves. */
export interface OwnLimits {
  /** Highest loss of one UTC day; open stakes count as lost; null for none. */
  readonly dailyLoss: Micros | null;
  /** What the daily loss limit is to become, and when, UTC epoch ms; null while nothing waits. */
  readonly loosening: Loosening | null;
  /** No bets before then, UTC epoch ms, or {@link FOR_GOOD}; null without a pause. */
  readonly pausedUntil: number | null;
  /**
   * After so many minutes the page says how long they have been playing, and again after as many; null for
   * never.
   */
  readonly reminderMinutes: number | null;
  /** Lowest locked multiplier that they take, in percent of the shown one. */
  readonly guardPercent: number;
}

export interface Loosening {
  readonly dailyLoss: Micros | null;
  readonly at: number;
}

/** A limit that is loosened holds for so long yet. */
export const LOOSEN_AFTER_MS = 24 * 3_600_000;
/** Changes are counted over so long. */
export const CHANGES_MS = 24 * 3_600_000;
/**
 * Changes of one account in {@link CHANGES_MS}. What only protects more is always taken, see {@link
 * isTighter}.
 */
export const CHANGES_PER_DAY_MAX = 50;
/** The end of a pause that has none. */
export const FOR_GOOD = Number.MAX_SAFE_INTEGER;

const DAY_MS = 24 * 3_600_000;
/** How long a pause lasts, ms. */
export const PAUSE_LENGTHS = {
  day: DAY_MS,
  week: 7 * DAY_MS,
  'half-year': 183 * DAY_MS,
  'for-good': null,
} as const;
export type PauseLength = keyof typeof PAUSE_LENGTHS;

/** What is to be changed; what is left out stays as it is. */
export interface LimitsChange {
  readonly dailyLoss?: Micros | null;
  readonly guardPercent?: number;
  readonly reminderMinutes?: number | null;
  /** Null asks for the end of a pause, which is refused while it lasts. */
  readonly pause?: PauseLength | null;
}

/** When a pause that begins at `now` ends. */
export function pauseEnd(length: PauseLength, now: number): number {
  const lasts = PAUSE_LENGTHS[length];
  return lasts === null ? FOR_GOOD : now + lasts;
}

/** The limits as they are at `now`: what was to loosen by then has, and a pause that is over is none. */
export function limitsAt(limits: OwnLimits, now: number): OwnLimits {
  const { loosening, pausedUntil } = limits;
  const loosened = loosening !== null && loosening.at <= now;
  const over = pausedUntil !== null && pausedUntil <= now;
  if (!loosened && !over) return limits;
  return {
    ...limits,
    ...(loosened && { dailyLoss: loosening.dailyLoss, loosening: null }),
    ...(over && { pausedUntil: null }),
  };
}

/**
 * The limits after a change at `now`: tighter ones hold at once and drop what was to loosen, looser ones hold
 * in {@link LOOSEN_AFTER_MS}. The limit that is in force calls a loosening off, the one that is to come
 * leaves its time as it is.
 * @returns `pause_running` when a pause would end sooner than the one that runs.
 */
export function changedLimits(
  limits: OwnLimits,
  change: LimitsChange,
  now: number,
): OwnLimits | 'pause_running' {
  const before = limitsAt(limits, now);
  const { guardPercent = before.guardPercent, reminderMinutes = before.reminderMinutes, pause } = change;
  const pausedUntil = pause === undefined ? before.pausedUntil : pause === null ? null : pauseEnd(pause, now);
  if (before.pausedUntil !== null && (pausedUntil ?? 0) < before.pausedUntil) return 'pause_running';
  return {
    ...before,
    ...('dailyLoss' in change && change.dailyLoss !== undefined && lossLimits(before, change.dailyLoss, now)),
    guardPercent,
    reminderMinutes,
    pausedUntil,
  };
}

function lossLimits(
  { dailyLoss, loosening }: OwnLimits,
  wanted: Micros | null,
  now: number,
): Pick<OwnLimits, 'dailyLoss' | 'loosening'> {
  if (isLooser(wanted, dailyLoss))
    return {
      dailyLoss,
      loosening:
        loosening?.dailyLoss === wanted ? loosening : { dailyLoss: wanted, at: now + LOOSEN_AFTER_MS },
    };
  return { dailyLoss: wanted, loosening: null };
}

const isLooser = (wanted: Micros | null, than: Micros | null): boolean =>
  than !== null && (wanted === null || wanted > than);

/**
 * Whether a change only protects the trader more: a lower loss limit, a loosening called off, a pause or a
 * longer one, and nothing else with it.
 */
export function isTighter(after: OwnLimits, before: OwnLimits): boolean {
  if (after.guardPercent !== before.guardPercent || after.reminderMinutes !== before.reminderMinutes)
    return false;
  if (isLooser(after.dailyLoss, before.dailyLoss) || (after.pausedUntil ?? 0) < (before.pausedUntil ?? 0))
    return false;
  return after.loosening === null || sameLoosening(after, before);
}

const sameLoosening = (a: OwnLimits, b: OwnLimits): boolean =>
  a.loosening?.at === b.loosening?.at && a.loosening?.dailyLoss === b.loosening?.dailyLoss;

export const sameLimits = (a: OwnLimits, b: OwnLimits): boolean =>
  a.dailyLoss === b.dailyLoss &&
  sameLoosening(a, b) &&
  a.pausedUntil === b.pausedUntil &&
  a.reminderMinutes === b.reminderMinutes &&
  a.guardPercent === b.guardPercent;
