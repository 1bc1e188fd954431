import { bandFor, lowAround, type Column } from '../game/grid.ts';
import type { Cents } from '../game/price.ts';

/** The price may leave the middle rows by this many before a column's rows follow it. */
const RECENTRE_ROWS = 2;

/** The columns of the grid: heights that stay as they were made, rows that follow the price. */
export class Columns {
  #columns = new Map<number, Pick<Column, 'band' | 'low'>>();
  #band: number | null = null;

  constructor(
    private readonly windowMs: number,
    private readonly rows: number,
  ) {}

  /** Continues with the columns of the previous run, in their order. */
  restore(columns: readonly Column[]): void {
    for (const { start, band, low } of columns) this.#columns.set(start, { band, low });
    this.#band = columns.at(-1)?.band ?? null;
  }

  /** The column that starts then, made or moved for a price now; `sigma` in bp per √s. */
  at(start: number, price: Cents, sigma: number): Column {
    const known = this.#columns.get(start);
    const band = known?.band ?? (this.#band = bandFor(price, sigma, this.windowMs, this.#band));
    const centred = lowAround(price, band, this.rows);
    const low =
      known !== undefined && Math.abs(known.low - centred) <= RECENTRE_ROWS * band ? known.low : centred;
    this.#columns.set(start, { band, low });
    return { start, band, low };
  }

  /** Forgets the columns that start before. */
  forget(before: number): void {
    for (const start of this.#columns.keys()) if (start < before) this.#columns.delete(start);
  }

  /** Height of the finest row whose window is not over at `at`, else of the row that would be made. */
  finestRow(at: number, price: Cents, sigma: number): number {
    let finest = Infinity;
    for (const [start, { band }] of this.#columns)
      if (start + this.windowMs > at && band < finest) finest = band;
    return finest < Infinity ? finest : bandFor(price, sigma, this.windowMs, this.#band);
  }
}
