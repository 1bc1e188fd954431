import type { Cents } from '../../game/price.ts';
import { decodeSources, encodeSources, type Tick } from '../../game/tick.ts';
import { integer, orNull, table, text, type RowOf } from './table.ts';

/** The oracle's log. */
export const TICKS = table('ticks', {
  seq: integer,
  at: integer,
  /** Cents. */
  price: integer,
  /** `coinbase=7604185 kraken=7604190`. */
  sources: text,
  batch: integer,
  /** Head of the tick chain, on the last tick of a commit only. */
  hash: orNull(text),
});

export type TickRow = RowOf<typeof TICKS>;

/** What a tick says, without its place in the books. */
export type TickText = Pick<TickRow, 'seq' | 'at' | 'price' | 'sources'>;

/** As it is stored; {@link tickOf} gives the same one back. */
export const tickText = ({ seq, at, price, sources }: Tick): TickText => ({
  seq,
  at,
  price,
  sources: encodeSources(sources),
});

/** The tick that a row stands for. */
export const tickOf = ({ seq, at, price, sources }: TickText): Tick => ({
  seq,
  at,
  price: price as Cents,
  sources: decodeSources(sources),
});

/** As {@link tickLine} of the game writes it: the tick chain hashes what is stored. */
export const tickLine = (tick: TickText): string => `${tick.seq}|${tick.at}|${tick.price}|${tick.sources}`;
