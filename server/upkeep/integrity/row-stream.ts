/** Rows read at a time. */
const PAGE_ROWS = 2_000;

/** Rows of one table in order, page by page, taken batch by batch. */
export class RowStream<Row extends { readonly batch: number }> {
  #page: Row[] = [];
  #next = 0;
  #ended = false;
  #read: number;
  #taken: number;

  /** @param after the number above which it begins. */
  constructor(
    private readonly read: (after: number, limit: number) => Row[],
    private readonly numberOf: (row: Row) => number,
    after: number,
  ) {
    this.#read = after;
    this.#taken = after;
  }

  /** Rows of batches up to `batch`, in their order. */
  upTo(batch: number): Row[] {
    const taken: Row[] = [];
    for (let row = this.#peek(); row !== undefined && row.batch <= batch; row = this.#peek()) {
      taken.push(row);
      this.#taken = this.numberOf(row);
      this.#next += 1;
    }
    return taken;
  }

  /** The row that comes next, of whatever batch; undefined at the end. */
  next(): Row | undefined {
    return this.#peek();
  }

  /** Forgets what was read ahead: a new snapshot may have it otherwise, and more of it. */
  refresh(): void {
    this.#page = [];
    this.#next = 0;
    this.#ended = false;
    this.#read = this.#taken;
  }

  #peek(): Row | undefined {
    if (this.#next < this.#page.length) return this.#page[this.#next];
    if (this.#ended) return undefined;
    this.#page = this.read(this.#read, PAGE_ROWS);
    this.#next = 0;
    this.#ended = this.#page.length < PAGE_ROWS;
    const last = this.#page.at(-1);
    if (last !== undefined) this.#read = this.numberOf(last);
    return this.#page[0];
  }
}
