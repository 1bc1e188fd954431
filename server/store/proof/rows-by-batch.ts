/** Rows in the order of their batches, taken batch by batch. Nothing is read before it is asked for. */
export class RowsByBatch<Row> {
  readonly #rows: Iterator<Row>;
  #ahead: IteratorResult<Row, unknown> | null = null;

  /** @param batchOf the batch of a row, by which the rows are ordered. */
  constructor(
    rows: Iterable<Row>,
    readonly batchOf: (row: Row) => number,
  ) {
    this.#rows = rows[Symbol.iterator]();
  }

  /** The row that comes next, of whatever batch; undefined at the end. */
  next(): Row | undefined {
    this.#ahead ??= this.#rows.next();
    return this.#ahead.done === true ? undefined : this.#ahead.value;
  }

  /** Rows of batches up to `batch`, in their order. */
  upTo(batch: number): Row[] {
    const taken: Row[] = [];
    for (let row = this.next(); row !== undefined && this.batchOf(row) <= batch; row = this.next()) {
      taken.push(row);
      this.#ahead = null;
    }
    return taken;
  }
}
