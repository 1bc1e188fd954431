import { misused } from '../command-line/failure.ts';

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** From one time up to another, which is outside, UTC epoch ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export const PERIOD_OPTIONS = {
  from: { value: '<time>', about: 'from this day (2026-11-01, UTC) or time (2026-11-01T14:00Z)' },
  to: { value: '<time>', about: 'up to, but not including, this day or time' },
} as const;

export interface PeriodOptions {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** @throws Failure with exit code 2 */
export function readPeriod({ from, to }: PeriodOptions): Period {
  const period = {
    from: from === undefined ? 0 : readMoment('--from', from),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : readMoment('--to', to),
  };
  if (period.from >= period.to) throw misused('bad_period', `--to ${to} is not after --from ${from}.`);
  return period;
}

/** @throws Failure with exit code 2 */
export function readDay(option: string, text: string): Period {
  const from = DATE.test(text) ? dayStart(text) : Number.NaN;
  if (Number.isNaN(from)) throw misused('bad_day', `${option} ${text} is not a day; expected 2026-11-29.`);
  return { from, to: from + DAY_MS };
}

export const isWithin = ({ from, to }: Period, at: number): boolean => at >= from && at < to;

function readMoment(option: string, text: string): number {
  const at = DATE.test(text) ? dayStart(text) : TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw misused('bad_time', `${option} ${text} is not a time; expected 2026-11-01 or 2026-11-01T14:00Z.`);
  return at;
}

/** NaN for the thirtieth of February. */
function dayStart(text: string): number {
  const at = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : Number.NaN;
}
