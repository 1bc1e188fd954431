import { formatDollars, grouped, micros, type Micros, type Multiplier } from '../server/game/money.ts';
import type { Cents } from '../server/game/price.ts';

/** `$10`, `$0.50`: cents only where there are some. */
export function stakeText(stake: Micros): string {
  const text = formatDollars(stake);
  return text.endsWith('.00') ? text.slice(0, -3) : text;
}

/** `+ $17.40`, `– $5.00`: a result is always written with its sign, unless it is nothing. */
export function signedText(amount: Micros): string {
  if (amount === 0) return formatDollars(amount);
  return amount < 0 ? `– ${formatDollars(micros(-amount))}` : `+ ${formatDollars(amount)}`;
}

/** As short as a cell is narrow: `+17`, `+1.2k`. */
export function winText(net: Micros): string {
  const whole = net / 1_000_000;
  if (whole >= 10_000) return `+${Math.floor(whole / 1000)}k`;
  if (whole >= 1000) return `+${(Math.floor(whole / 100) / 10).toFixed(1)}k`;
  return whole >= 10 ? `+${Math.floor(whole)}` : `+${(Math.floor(whole * 10) / 10).toFixed(1)}`;
}

/** The multiplier as a cell shows it: two decimals below ten, one above, always cut down. */
export function cellText(value: Multiplier | number | null): string {
  if (!value) return '';
  return value < 1000 ? (value / 100).toFixed(2) : (Math.floor(value / 10) / 10).toFixed(1);
}

/** `76,040` or `76,040.50`: whole dollars stay whole. */
export function bandEnd(price: Cents | number): string {
  const whole = grouped(Math.floor(price / 100));
  return price % 100 === 0 ? whole : `${whole}.${String(price % 100).padStart(2, '0')}`;
}

/** `76,040 – 76,050` */
export const bandText = (cell: { readonly low: number; readonly high: number }): string =>
  `${bandEnd(cell.low)} – ${bandEnd(cell.high)}`;

/** `1 bet`, `12 bets`. */
export const betsText = (bets: number): string => (bets === 1 ? '1 bet' : `${bets} bets`);

/** `61,240–61,260`: inside a sentence. */
export const bandRange = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${bandEnd(low)}–${bandEnd(high)}`;

/** `38 ¢`, `3.8 ¢`, `$1.38`: a small amount without its sign, rounded. */
export function smallText(amount: Micros): string {
  const cents = Math.abs(amount) / 10_000;
  if (cents >= 100) return formatDollars(micros(Math.round(cents) * 10_000));
  return cents >= 9.95 ? `${Math.round(cents)} ¢` : `${cents.toFixed(1)} ¢`;
}
