import { isWhole } from './outside-value.ts';
import { grouped } from './money.ts';

/** US cents (or USDT cents): 7604185 is 76,041.85. Always a positive safe integer. */
export type Cents = number & { readonly __unit: 'cents' };

/** Highest price that is taken from any feed: ten million dollars. */
export const PRICE_CENTS_MAX = 1_000_000_000;

/**
 * @throws RangeError when out of (0, PRICE_CENTS_MAX]: a bug; text from outside goes through {@link
 * parsePrice}.
 */
export function cents(value: number): Cents {
  if (!isCents(value)) throw new RangeError(`not a price in cents: ${value}`);
  return value as Cents;
}

export const isCents = (value: unknown): value is Cents =>
  isWhole(value) && value > 0 && value <= PRICE_CENTS_MAX;

const DECIMAL = /^(\d{1,8})(?:\.(\d{1,18}))?$/;

/**
 * Decimal text to cents without floats, rounded half up at the third decimal. `"68900.505"` → 6890051.
 * Nothing but digits and one point is a price: no sign, exponent, space or thousands separator.
 * @returns null for anything else, and for a price outside (0, PRICE_CENTS_MAX].
 */
export function parsePrice(text: string): Cents | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const fraction = (match[2] ?? '').padEnd(3, '0');
  const value =
    Number(match[1]) * 100 + Number(fraction.slice(0, 2)) + (fraction.charCodeAt(2) >= 53 ? 1 : 0);
  return isCents(value) ? value : null;
}

/** Middle of best bid and ask, half a cent cut down. */
export const midOf = (bid: Cents, ask: Cents): Cents => cents(Math.floor((bid + ask) / 2));

/** `7604185` → `76,041.85`. */
export const formatPrice = (price: Cents): string => formatDistance(price);

/** What lies between two prices, in cents from 0 on, as a price is written. */
export const formatDistance = (cents: number): string =>
  `${grouped(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;

/** `7602000` → `76020.00`: for machines that read decimal numbers. */
export const decimalPrice = (value: Cents): string =>
  `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
