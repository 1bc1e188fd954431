import type { TickSource } from './tick.ts';

/**
 * How far the price of a tick stands from the next venue that bears it out, in cents: between the two venues
 * in the middle where their number is even, from the middle one to its nearer neighbour where it is odd. With
 * two venues that is all that lies between them. One venue alone has nobody to ask: 0.
 */
export function apartCents(sources: readonly TickSource[]): number {
  if (sources.length < 2) return 0;
  const prices = sources.map(({ price }) => price).sort((a, b) => a - b);
  const middle = prices.length >> 1;
  const [lower = Number.NaN, price = Number.NaN, upper = Number.NaN] = prices.slice(middle - 1, middle + 2);
  return prices.length % 2 === 0 ? price - lower : Math.min(price - lower, upper - price);
}

/**
 * Whether two venues stand for the price, within half a row of `row` cents: no single venue makes a tick that
 * decides.
 */
export const isBorneOut = (sources: readonly TickSource[], row: number): boolean =>
  2 * apartCents(sources) <= row;
