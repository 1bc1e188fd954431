import { cellId, type Cell, type CellId } from './grid.ts';
import type { Multiplier } from './money.ts';
import { lockedQuote, shownQuote, type GridRevision, type QuoteRecord } from './revision.ts';

type Prices = Map<CellId, Multiplier | null>;

/**
 * The multipliers of one revision, each worked out once: many bets share a cell. At most as many as there are
 * cells with bets.
 */
export class RevisionPrices {
  readonly #shown: Prices = new Map();
  readonly #locked: Prices = new Map();

  constructor(private readonly revision: GridRevision) {}

  /** As {@link shownQuote} has it. */
  shown(cell: Cell): Multiplier | null {
    return this.#price(this.#shown, cell, shownQuote);
  }

  /** As {@link lockedQuote} has it. */
  locked(cell: Cell): Multiplier | null {
    return this.#price(this.#locked, cell, lockedQuote);
  }

  #price(
    known: Prices,
    cell: Cell,
    quote: (revision: GridRevision, cell: Cell) => QuoteRecord,
  ): Multiplier | null {
    const id = cellId(cell);
    const price = known.get(id);
    if (price !== undefined) return price;
    const { multiplier } = quote(this.revision, cell);
    known.set(id, multiplier);
    return multiplier;
  }
}
