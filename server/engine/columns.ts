import { bandFor, lowAround, windowStart, type Column } from '../game/grid.ts';
import type { Cents } from '../game/price.ts';

/** The price may leave the middle rows by this many before a column's rows follow it. */
const RECENTRE_ROWS = 2;

/** The columns of one board: heights that stay as they were made, rows that follow the price. */
export class Columns {
  #columns = new Map<number, Pick<Column, 'band' | 'low'>>();
  #band: number | null = null;

  constructor(
    readonly windowMs: number,
    private readonly rows: number,
  ) {}

  /** Continues with this board's columns of the previous run, in their order. */
  restore(columns: readonly Column[]): void {
    const own = columns.filter(({ windowMs }) => windowMs === this.windowMs);
    for (const { start, band, low } of own) this.#columns.set(start, { band, low });
    this.#band = own.at(-1)?.band ?? null;
  }

  /**
   * The current column and so many ahead, made or moved for a price now; `sigma` in bp per √s. Those that are
   * over are forgotten.
   */
  from(at: number, ahead: number, price: Cents, sigma: number): Column[] {
    const current = windowStart(at, this.windowMs);
    const columns: Column[] = [];
    for (let index = 0; index <= ahead; index++)
      columns.push(this.#at(current + index * this.windowMs, price, sigma));
    for (const start of this.#columns.keys()) if (start < current) this.#columns.delete(start);
    return columns;
  }

  #at(start: number, price: Cents, sigma: number): Column {
    const { windowMs } = this;
    const known = this.#columns.get(start);
    const band = known?.band ?? (this.#band = bandFor(price, sigma, windowMs, this.#band));
    const centred = lowAround(price, band, this.rows);
    const low =
      known !== undefined && Math.abs(known.low - centred) <= RECENTRE_ROWS * band ? known.low : centred;
    this.#columns.set(start, { band, low });
    return { start, windowMs, band, low };
  }

  /** Height of the finest row whose window is not over at `at`, else of the row that would be made. */
  finestRow(at: number, price: Cents, sigma: number): number {
    let finest = Infinity;
    for (const [start, { band }] of this.#columns)
      if (start + this.windowMs > at && band < finest) finest = band;
    return finest < Infinity ? finest : bandFor(price, sigma, this.windowMs, this.#band);
  }
}
