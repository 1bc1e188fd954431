/** Taps with longer pauses between them than this many windows belong to different patterns. */
const PAUSE_WINDOWS = 1;

/**
 * What was tapped last in one go, by its distance from price and time: rows from the one of the price,
 * windows from the first that could be tapped. A cell that was tapped twice stands in it twice.
 */
export class Pattern {
  /** @type {Spot[]} */
  #spots = [];
  #lastAt = -Infinity;

  /**
   * @typedef {import('./orders.d.ts').Spot} Spot
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {import('../board/cells.js').Cells} cells
   */
  constructor(cells) {
    this.cells = cells;
  }

  get isEmpty() {
    return this.#spots.length === 0;
  }

  /**
   * Where a cell is at this moment, or null.
   * @param {Cell} cell @param {number} price cents @param {number} now
   */
  spotOf(cell, price, now) {
    const found = this.cells.read(cell);
    if (!found) return null;
    const { start, band } = found.column;
    return {
      rows: found.low / band - Math.floor(price / band),
      windows: (start - this.#firstOpen(now)) / this.cells.windowMs,
    };
  }

  /**
   * Taps of one order that were placed.
   * @param {readonly Spot[]} spots @param {number} at when they were tapped
   * @param {boolean} [whole] whether they are a pattern by themselves
   */
  add(spots, at, whole = false) {
    const goesOn = !whole && at - this.#lastAt <= PAUSE_WINDOWS * this.cells.windowMs;
    this.#spots = [...(goesOn ? this.#spots : []), ...spots].slice(-this.cells.tapsMax);
    this.#lastAt = whole ? -Infinity : at;
  }

  /**
   * The same spots as cells of this moment; those that are not on the board are left out.
   * @param {number} price @param {number} now @returns {Cell[]}
   */
  cellsAt(price, now) {
    return this.#spots.flatMap(({ rows, windows }) => {
      const column = this.cells.columns.get(this.#firstOpen(now) + windows * this.cells.windowMs);
      const low = column && (Math.floor(price / column.band) + rows) * column.band;
      return (column && this.cells.at(column, low ?? 0)) ?? [];
    });
  }

  /** Start of the first window that can be tapped. @param {number} now */
  #firstOpen(now) {
    const { windowMs } = this.cells;
    return Math.ceil(now / windowMs) * windowMs + windowMs;
  }
}
