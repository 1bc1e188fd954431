import { RowsByBatch } from '../../store/proof/rows-by-batch.ts';

/** Rows read at a time. */
const PAGE_ROWS = 2_000;

/** Rows of one table in order, page by page, taken batch by batch. */
export class RowStream<Row extends { readonly batch: number }> {
  #rows: RowsByBatch<Row>;
  #taken: number;

  /** @param after the number above which it begins. */
  constructor(
    private readonly read: (after: number, limit: number) => Row[],
    private readonly numberOf: (row: Row) => number,
    after: number,
  ) {
    this.#taken = after;
    this.#rows = this.#from(after);
  }

  /** Rows of batches up to `batch`, in their order. */
  upTo(batch: number): Row[] {
    const rows = this.#rows.upTo(batch);
    const last = rows.at(-1);
    if (last !== undefined) this.#taken = this.numberOf(last);
    return rows;
  }

  /** The row that comes next, of whatever batch; undefined at the end. */
  next(): Row | undefined {
    return this.#rows.next();
  }

  /** Forgets what was read ahead: a new snapshot may have it otherwise, and more of it. */
  refresh(): void {
    this.#rows = this.#from(this.#taken);
  }

  #from(after: number): RowsByBatch<Row> {
    return new RowsByBatch(this.#pages(after), ({ batch }) => batch);
  }

  *#pages(after: number): Generator<Row> {
    for (let from = after; ; ) {
      const page = this.read(from, PAGE_ROWS);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      from = this.numberOf(last);
    }
  }
}
