/** What a value that came from outside is, before anything is believed of it. */

/**
 * Line breaks, control characters and what turns the direction of text: none of it belongs in a line of a
 * log.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Text on one line, of `min` characters without the spaces around it to `max` with them. */
export const isLine = (value: unknown, min: number, max: number): value is string =>
  typeof value === 'string' && value.length <= max && value.trim().length >= min && !UNPRINTABLE.test(value);

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** An object with fields, not a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
