/** Micro-dollars: 1 USD = 1,000,000. Always a safe integer; no float ever holds money. */
export type Micros = number & { readonly __unit: 'micros' };

/** Hundredths: 235 is 2.35×. */
export type Multiplier = number & { readonly __unit: 'hundredths' };

/** Play money and real money are different ledger currencies and never meet. */
export type Currency = 'PLAY' | 'USD';
export const CURRENCIES: readonly Currency[] = ['PLAY', 'USD'];

export const MICROS_PER_DOLLAR = 1_000_000;

/**
 * What an account may come to hold, by a deposit or by stakes that are lost to it: whole numbers are exact up
 * to 2^53, and a movement on top has to be too.
 */
export const BALANCE_MICROS_MAX = micros(2 ** 52);

/** @throws RangeError when `value` is not a safe integer: a bug, never an answer to a user. */
export function micros(value: number): Micros {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number of micro-dollars: ${value}`);
  return value as Micros;
}

/** @throws RangeError when `value` is not a whole number of hundredths ≥ 0. */
export function multiplier(value: number): Multiplier {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`not a multiplier in hundredths: ${value}`);
  return value as Multiplier;
}

export const dollars = (whole: number): Micros => micros(whole * MICROS_PER_DOLLAR);

/** floor(stake × multiplier / 100), the stake included. */
export function payoutOf(stake: Micros, locked: Multiplier): Micros {
  const product = stake * locked;
  if (!Number.isSafeInteger(product)) throw new RangeError(`payout out of range: ${stake} × ${locked}`);
  return micros(Math.floor(product / 100));
}

/**
 * Reads dollars as a person writes them, `12`, `0.5`, `1250.000001`, without floats. @returns null for
 * anything else, a sign included.
 */
export function readDollars(text: string): Micros | null {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  return whole === undefined
    ? null
    : micros(Number(whole) * MICROS_PER_DOLLAR + Number(fraction.padEnd(6, '0')));
}

export const isMicros = (value: unknown): value is Micros => Number.isSafeInteger(value);

/** `1234567` → `1.23` (cents are cut, not rounded: never show more than there is). */
export function formatDollars(amount: Micros): string {
  const sign = amount < 0 ? '−' : '';
  const cents = Math.floor(Math.abs(amount) / 10_000);
  return `${sign}$${grouped(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;
}

/** `1234567` → `$1.234567`: to the last micro-dollar, for accounting; at least two decimals. */
export function formatExactDollars(amount: Micros): string {
  const [whole = '', fraction = ''] = decimalDollars(micros(Math.abs(amount))).split('.');
  return `${amount < 0 ? '−' : ''}$${grouped(Number(whole))}.${fraction}`;
}

/**
 * `-1234567` → `-1.234567`: to the last micro-dollar, for machines that read decimal numbers; at least two
 * decimals.
 */
export function decimalDollars(amount: Micros): string {
  const [whole, rest] = [
    Math.floor(Math.abs(amount) / MICROS_PER_DOLLAR),
    Math.abs(amount) % MICROS_PER_DOLLAR,
  ];
  return `${amount < 0 ? '-' : ''}${whole}.${String(rest)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')}`;
}

/** `235` → `2.35`. */
export const formatMultiplier = (value: Multiplier): string =>
  `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;

export const grouped = (whole: number): string => String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
