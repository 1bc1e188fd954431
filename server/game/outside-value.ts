/** What a value that came from outside is, before anything is believed of it. */

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

/** An object with fields, not a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
