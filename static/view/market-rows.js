import { RowChoice, rowsFor, shareSold } from '../board/rows.js';

const EVERY_MS = 1_000;
/** In a narrow window fewer columns say little. */
const COLUMNS_MIN = 5;

/**
 * Fewer and taller rows when little of what is in sight is for sale, more when there is more. A change waits
 * for fingers to leave, keeps the price where it is, and glides.
 */
export class MarketRows {
  #lookedAt = -Infinity;
  /** @type {RowChoice | null} */
  #choice = null;
  #windowMs;

  /** @param {import('./view.js').View} view */
  constructor(view) {
    this.view = view;
    this.#windowMs = view.cells.windowMs;
  }

  /** To be called now and then. @param {number} now */
  look(now) {
    const { view } = this;
    const { plane, grid, cells } = view;
    // Another board has what it has: its rows are not waited for.
    const isOther = cells.windowMs !== this.#windowMs;
    if (plane.isHeld || plane.away || !cells.revision) return;
    if (now - this.#lookedAt < EVERY_MS && !isOther) return;
    this.#lookedAt = now;
    const room = Number(getComputedStyle(plane.rise).getPropertyValue('--rows'));
    this.#choice ??= new RowChoice(
      Math.min(room, Number(getComputedStyle(grid).getPropertyValue('--most')) || room),
    );
    const [sold, columns] = this.#forSale(now);
    // Nothing at all is a pause, and says nothing of rows.
    if (sold.length === 0) return;
    const before = this.#choice.rows;
    /** @param {number} rows */
    const shareOf = (rows) => shareSold(sold, columns, rows);
    if (isOther) this.#choice = new RowChoice(rowsFor(shareOf, room));
    else this.#choice.look(shareOf, room, now);
    this.#windowMs = cells.windowMs;
    const { rows } = this.#choice;
    if (rows !== before) view.rowsTo(rows);
  }

  /**
   * The cells for sale in columns in sight, and how many columns those are.
   * @param {number} now @returns {[sold: { away: number, height: number }[], columns: number]}
   */
  #forSale(now) {
    const { plane, cells } = this.view;
    const inSight = Math.ceil((plane.width - plane.axis - plane.homeX) / plane.columnWidth - 1.5);
    const columns = [...cells.columns.values()]
      .filter(({ start }) => start - now >= cells.windowMs)
      .sort((a, b) => a.start - b.start)
      .slice(0, Math.max(COLUMNS_MIN, inSight));
    const middle = plane.anchor + plane.follow.goal / plane.pxPerCent;
    const sold = columns.flatMap(({ element, band, high }) =>
      [.../** @type {Iterable<import('../board/cells.js').Cell>} */ (element.children)].flatMap(
        ({ value_ }, fromTop) =>
          value_
            ? [{ away: (high - (fromTop + 0.5) * band - middle) / plane.band, height: band / plane.band }]
            : [],
      ),
    );
    return [sold, columns.length];
  }
}
