/**
 * Rows that a window may show, by its height and by what is for sale: odd, so that one is in the middle. The
 * style sheet has a class for each below the first.
 */
export const ROWS_IN_SIGHT = [13, 11, 9, 7, 5];
const ROWS_MIN = 5;
/** So much of what is in sight is for sale, at least. */
const SOLD_SHARE = 0.75;
/** More rows come only where that leaves some to spare, so that they do not go again at once. */
const SPARE_SHARE = 0.85;
/** Fewer rows come soon, more only when the market has been so for a while. */
const FEWER_MS = 4_000;
const MORE_MS = 60_000;

/**
 * Share of what is in sight that is for sale.
 * @param {readonly { away: number, height: number }[]} sold cells for sale: how far the middle of each lies
 * from that of the window, and its height, in rows
 * @param {number} columns @param {number} rows in sight
 */
export const shareSold = (sold, columns, rows) =>
  sold.reduce((sum, cell) => sum + inSight(cell, rows / 2), 0) / (columns * rows);

/**
 * How much of a cell is in sight, rows.
 * @param {{ away: number, height: number }} cell @param {number} half of the window
 */
const inSight = ({ away, height }, half) =>
  Math.max(0, Math.min(away + height / 2, half) - Math.max(away - height / 2, -half));

/**
 * The most rows of which enough are for sale.
 * @param {(rows: number) => number} shareOf that many rows @param {number} most
 */
export const rowsFor = (shareOf, most = ROWS_IN_SIGHT[0] ?? ROWS_MIN) =>
  ROWS_IN_SIGHT.find((rows) => rows <= most && shareOf(rows) >= SOLD_SHARE) ?? ROWS_MIN;

/** How many rows are in sight as time goes on. */
export class RowChoice {
  /** Since when too little is for sale, and since when more rows could be shown. */
  #shortSince = Infinity;
  #spareSince = Infinity;

  /** @param {number} rows */
  constructor(rows) {
    this.rows = rows;
  }

  /**
   * @param {(rows: number) => number} shareOf that many rows
   * @param {number} most that the window has room for @param {number} now ms
   */
  look(shareOf, most, now) {
    const more = ROWS_IN_SIGHT.findLast((rows) => rows > this.rows && rows <= most);
    const isShort = this.rows > ROWS_MIN && shareOf(this.rows) < SOLD_SHARE;
    const isSpare = more !== undefined && shareOf(more) >= SPARE_SHARE;
    this.#shortSince = isShort ? Math.min(this.#shortSince, now) : Infinity;
    this.#spareSince = isSpare ? Math.min(this.#spareSince, now) : Infinity;
    if (now - this.#shortSince >= FEWER_MS)
      return this.#choose(rowsFor((rows) => shareOf(rows) - SPARE_SHARE + SOLD_SHARE, this.rows - 1));
    if (more !== undefined && now - this.#spareSince >= MORE_MS) this.#choose(more);
  }

  /** @param {number} rows */
  #choose(rows) {
    this.rows = rows;
    this.#shortSince = this.#spareSince = Infinity;
  }
}
