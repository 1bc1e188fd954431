/** How a file writes times: a count since the epoch in one unit, or a date. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'date';

/** 2009-01-03, the first block. */
const EARLIEST_MS = 1_230_940_800_000;
const DAY_MS = 86_400_000;
const COUNT = /^(\d{9,19})(?:\.(\d+))?$/;
const PER_MS = { us: 1_000n, ns: 1_000_000n } as const;
const DATE =
  /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * The unit of a time, told by its size: since 2001 each unit has its own number of digits.
 * @returns null for what is no time of a Bitcoin price
 */
export function unitOf(text: string): TimeUnit | null {
  const digits = COUNT.exec(text)?.[1]?.length;
  const unit: TimeUnit =
    digits === undefined ? 'date' : digits <= 10 ? 's' : digits <= 13 ? 'ms' : digits <= 16 ? 'us' : 'ns';
  return timeOf(text, unit) === null ? null : unit;
}

/**
 * @returns epoch ms, cut down to a whole one; null for what is not such a time, or none between 2009 and
 * tomorrow. A date without a zone is UTC.
 */
export function timeOf(text: string, unit: TimeUnit, now = Date.now()): number | null {
  const at = unit === 'date' ? dateOf(text) : countOf(text, unit);
  return at !== null && at >= EARLIEST_MS && at <= now + DAY_MS ? at : null;
}

function countOf(text: string, unit: Exclude<TimeUnit, 'date'>): number | null {
  const match = COUNT.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  if (unit === 's') return Number(whole) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3));
  return unit === 'ms' ? Number(whole) : Number(BigInt(whole) / PER_MS[unit]);
}

function dateOf(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.replace(':', '').slice(3) || '00'}` : 'Z';
  const at = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  return Number.isNaN(at) ? null : at;
}
