const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** From Monday 00:00 UTC to the next, ms. */
export function weekOf(at: number): { readonly from: number; readonly to: number } {
  const from = Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
  return { from, to: from + WEEK_MS };
}

/** ISO 8601 week of a time, `2026-W48`: it belongs to the year of its Thursday. */
export function isoWeek(at: number): string {
  const thursday = weekOf(at).from + 3 * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK_MS);
  return `${year}-W${String(week).padStart(2, '0')}`;
}
