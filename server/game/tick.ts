import type { Cents } from './price.ts';

/** What one venue said when the tick was made. */
export interface TickSource {
  readonly venue: string;
  readonly price: Cents;
}

/**
 * One oracle tick. `seq` counts from 1 without holes, `at` is UTC epoch ms and never goes back,
 * `price` the median of `sources` (half a cent cut down).
 */
export interface Tick {
  readonly seq: number;
  readonly at: number;
  readonly price: Cents;
  readonly sources: readonly TickSource[];
}

/** `coinbase=7604185 kraken=7604190`: how the sources are stored and hashed. */
export const encodeSources = (sources: readonly TickSource[]): string =>
  sources.map(({ venue, price }) => `${venue}=${price}`).join(' ');

export function decodeSources(text: string): TickSource[] {
  if (text === '') return [];
  return text.split(' ').map((part) => {
    const at = part.indexOf('=');
    return { venue: part.slice(0, at), price: Number(part.slice(at + 1)) as Cents };
  });
}

/**
 * The canonical line of a tick, without a line end: `seq|at|price|sources`. The tick chain hashes these lines
 * joined by `\n`.
 */
export const tickLine = (tick: Tick): string =>
  `${tick.seq}|${tick.at}|${tick.price}|${encodeSources(tick.sources)}`;

/** Lower median of prices sorted in any order; two in the middle give their mean, half a cent cut down. */
export function medianOf(prices: readonly Cents[]): Cents {
  const sorted = [...prices].sort((a, b) => a - b);
  const [below = Number.NaN, above = Number.NaN] = [
    sorted[(sorted.length - 1) >> 1],
    sorted[sorted.length >> 1],
  ];
  return Math.floor((below + above) / 2) as Cents;
}
