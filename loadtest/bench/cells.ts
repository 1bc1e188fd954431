import type { Spread } from './spread.ts';

/** A heading, its columns, and rows of texts: what both the terminal and the page show. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const counted = (refused: Readonly<Record<string, number>>): string =>
  Object.entries(refused)
    .map(([code, count]) => `${text(count)} ${code}`)
    .join(', ') || 'none';

export const text = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

export const within = ({ median, min, max }: Spread): string => `${text(median)} (${text(min)}–${text(max)})`;
