/** The cells on which several traders have bets, marked: attributes of nodes that stay what they are. */
export class Wanted {
  /** Marked ones. @type {Set<HTMLElement>} */
  #marked = new Set();

  /** @param {Pick<import('./cells.js').Cells, 'find'>} cells */
  constructor(cells) {
    this.cells = cells;
  }

  /**
   * @param {readonly (readonly [cell: string, want: number])[]} wanted all that are wanted now, of all
   *   boards.
   */
  take(wanted) {
    const before = this.#marked;
    this.#marked = new Set();
    for (const [id, want] of wanted) {
      const cell = this.cells.find(id);
      if (!cell) continue;
      cell.dataset.want = String(want);
      this.#marked.add(cell);
      before.delete(cell);
    }
    for (const cell of before) delete cell.dataset.want;
  }
}
