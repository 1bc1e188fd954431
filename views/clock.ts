/**
 * Times and durations as text. All times are UTC; show one to a trader with `Moment`.
 */
const two = (value: number): string => String(value).padStart(2, '0');

/** `12:04:31.4` */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${clockSecond(at)}.${Math.floor(date.getUTCMilliseconds() / 100)}`;
}

/** `12:04:31` */
export function clockSecond(at: number): string {
  const date = new Date(at);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `23 Nov 2026, 12:04:31` */
export const dayTime = (at: number): string =>
  `${day(at)} ${new Date(at).getUTCFullYear()}, ${clockSecond(at)}`;

/** `23 Nov 2026, 12:04` */
export const dayMinute = (at: number): string => dayTime(at).slice(0, -3);

/** `12:04` */
export const clockMinute = (at: number): string => clockSecond(at).slice(0, -3);

/** `23 Nov` */
export function day(at: number): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `0:08`, never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** `just now`, `14 min`, `3 h 20 min`. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes === 0) return 'just now';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `just now`, `14 min ago`. */
export const ago = (ms: number): string => (ms < 60_000 ? span(ms) : `${span(ms)} ago`);

/** `0 min`, `1 h`, `1 h 30 min`; `static/session/played.js` writes the same. */
export function minutesText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
