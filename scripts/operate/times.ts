import { misused } from '../command-line/failure.ts';

const [DAY_MS, HOUR_MS, MINUTE_MS] = [86_400_000, 3_600_000, 60_000];
const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', 1_000],
]);

/**
 * Reads `90s`, `20m`, `1h30m`, `2d`, in ms.
 * @throws Failure with exit code 2
 */
export function readLength(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d{1,6})([dhms])/g)];
  const length = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS.get(unit) ?? 0), 0);
  if (parts.map(([part]) => part).join('') !== text || length === 0)
    throw misused('bad_length', `${option} ${text} is not a duration; expected 90s, 20m, 1h30m or 2d.`);
  return length;
}

/**
 * Reads a time: `2026-12-01T14:00Z`, with any zone; `14:00`, the next one in UTC; or `+30m` from now.
 * @returns UTC epoch ms. @throws Failure with exit code 2
 */
export function readTime(option: string, text: string, now: number): number {
  if (text.startsWith('+')) return now + readLength(option, text.slice(1));
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    const today = now - (now % DAY_MS) + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
    return today > now ? today : today + DAY_MS;
  }
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isWhole ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw misused(
      'bad_time',
      `${option} ${text} is not a time; expected 2026-12-01T14:00Z, 14:00 for the next 14:00 UTC, or +30m.`,
    );
  return at;
}
