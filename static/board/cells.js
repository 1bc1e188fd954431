import { attribute } from '../page/element.js';
import { amountOf, bandEndOf } from './figures.js';
import { write } from './repaint.js';

/**
 * The multipliers on the board. Cells are found by window and price; their nodes stay as long as they are in
 * sight, only text and class change, because a node that is exchanged between pointer down and up loses the
 * tap.
 */
/**
 * A cell with what it shows: hundredths, 0 if it takes no bets; its lower end in cents once it was asked
 * for.
 * @typedef {HTMLElement & { value_?: number, warmth_?: string, low_?: number }} Cell
 * A window of the board. Cents, UTC epoch ms; `top` is where its box begins, `offered` the lowest row on
 * offer.
 * @typedef {{ start: number, band: number, low: number, high: number, top: number, offered: number,
 *   element: HTMLElement, state?: string, grown?: boolean }} Column
 * @typedef {{ column: Column, low: number, high: number, value: number }} Found
 */
export class Cells {
  /** @type {Map<Cell, Column>} */
  #changed = new Map();
  /** @type {Map<number, Column>} */
  columns = new Map();
  revision = 0;
  /** Why no bets are taken. @type {string | null} */
  pause = null;
  /** Called with a column that got cells on top. @type {((column: Column) => void) | null} */
  onGrown = null;
  /** Called with a column that is about to leave. @type {((column: Column) => void) | null} */
  onLeaving = null;

  /**
   * @param {HTMLElement} grid
   * @param {() => void} changed called when cells wait for `flush`
   */
  constructor(grid, changed) {
    this.changed = changed;
    this.windowMs = Number(grid.dataset.window);
    this.rows = Number(grid.dataset.rows);
    /** Bets of one trader on one cell. */
    this.betsMax = Number(grid.dataset.bets);
    /** Taps of one order. */
    this.tapsMax = Number(grid.dataset.taps);
    this.heat = (grid.dataset.heat ?? '').split(' ').map(Number);
  }

  /**
   * Takes over a column element.
   * @param {HTMLElement} element @returns the column, or null when it is there already.
   */
  adopt(element) {
    const start = Number(element.dataset.start);
    const band = Number(element.dataset.band);
    const known = this.columns.get(start);
    if (known?.band === band) return known.element === element ? known : null;
    // The same window with bands of another height is a column of another board.
    if (known) this.drop(known);
    const low = Number(element.dataset.low);
    const high = low + element.children.length * band;
    /** @type {Column} */
    const column = { start, band, low, high, top: high, offered: low, element };
    this.columns.set(start, column);
    let end = high;
    for (const cell of cellsOf(element)) describe(cell, (end -= band), band);
    return column;
  }

  /**
   * Values of a column's rows from `low` up: `[row, value, row, value…]`, 0 takes no bets. Rows that left
   * the offer go dark.
   * @param {Column} column @param {number} low @param {readonly number[]} changes
   */
  apply(column, low, changes) {
    this.#cover(column, low, low + this.rows * column.band);
    if (column.offered !== low) this.#withdraw(column, low);
    for (let i = 0; i + 1 < changes.length; i += 2)
      this.#set(column, this.at(column, low + Number(changes[i]) * column.band), Number(changes[i + 1]));
  }

  /**
   * The cell of a column whose lower end is `low`, or undefined.
   * @param {Column} column @param {number} low
   */
  at(column, low) {
    return cellsOf(column.element)[(column.high - low) / column.band - 1];
  }

  /** Where a cell is and what it shows. @param {Cell} cell @returns {Found | null} */
  read(cell) {
    const column = this.columns.get(Number(cell.parentElement?.dataset.start));
    // One that has left may share its start with another.
    if (column?.element !== cell.parentElement || !column) return null;
    const low = lowOf(cell);
    return { column, low, high: low + column.band, value: cell.value_ ?? 0 };
  }

  /** The id that taps and receipts name the cell by. @param {Pick<Found, 'column' | 'low' | 'high'>} found */
  idOf({ column, low, high }) {
    return `${column.start}.${this.windowMs}.${low}.${high}`;
  }

  /**
   * The cell element of such an id, or null when the board does not have that window with that band.
   * @param {string} id
   */
  find(id) {
    const [start = 0, windowMs, low = 0, high = 0] = id.split('.').map(Number);
    const column = this.columns.get(start);
    return (windowMs === this.windowMs && column?.band === high - low && this.at(column, low)) || null;
  }

  /**
   * The element of the cell for sale that is nearest: in a column that starts at `from` or later, as few
   * windows from `start` and then as close to `price` as there is; or null.
   * @param {number} from @param {number} start @param {number} price
   */
  nearest(from, start, price) {
    const open = [...this.columns.values()].filter((column) => column.start >= from);
    open.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start));
    for (const { element, band } of open) {
      /** @param {Cell} cell */
      const away = (cell) => Math.abs(lowOf(cell) + band / 2 - price);
      const [cell] = [...cellsOf(element)].filter((cell) => cell.value_).sort((a, b) => away(a) - away(b));
      if (cell) return cell;
    }
    return null;
  }

  /** Shows the multiplier again where a bet was, or stays quiet while there is one. @param {Cell} cell */
  paint(cell) {
    const value = cell.value_ ?? 0;
    if (cell.firstElementChild === null) write(cell, amountOf(value));
    const warmth = this.#warmth(value);
    if (cell.warmth_ === warmth) return;
    cell.warmth_ = warmth;
    cell.className = `cell ${warmth}${cell.classList.contains('armed') ? ' armed' : ''}`;
    attribute(cell, 'aria-disabled', value ? null : 'true');
  }

  /**
   * Paints what has changed and is in sight: columns that start before `until`, bands between two prices. The
   * rest waits until it comes in sight.
   * @param {{ until: number, low: number, high: number }} sight
   */
  flush({ until, low, high }) {
    for (const [cell, column] of this.#changed) {
      if (column.start > until) continue;
      const price = lowOf(cell);
      if (price > high || price + column.band < low) continue;
      this.#changed.delete(cell);
      this.paint(cell);
    }
  }

  /** Nothing of it is on offer any more. @param {Column} column */
  close(column) {
    for (const cell of cellsOf(column.element)) this.#set(column, cell, 0);
  }

  /** @param {Column} column */
  drop(column) {
    this.onLeaving?.(column);
    for (const cell of cellsOf(column.element)) this.#changed.delete(cell);
    column.element.remove();
    this.columns.delete(column.start);
  }

  /** @param {Column} column @param {Cell | undefined} cell @param {number} value */
  #set(column, cell, value) {
    if (!cell || cell.value_ === value) return;
    cell.value_ = value;
    this.#changed.set(cell, column);
    this.changed();
  }

  /** @param {number} value */
  #warmth(value) {
    const [h3 = 0, h2 = 0, h1 = 0] = this.heat;
    return !value ? 'off' : value <= h3 ? 'h3' : value <= h2 ? 'h2' : value <= h1 ? 'h1' : '';
  }

  /** @param {Column} column @param {number} low */
  #withdraw(column, low) {
    column.offered = low;
    const high = low + this.rows * column.band;
    for (let price = column.low; price < column.high; price += column.band)
      if (price < low || price >= high) this.#set(column, this.at(column, price), 0);
  }

  /**
   * Adds cells until the column reaches from `low` to `high`; the price has moved by a row, no more.
   * @param {Column} column @param {number} low @param {number} high
   */
  #cover(column, low, high) {
    if ((Math.max(high, column.high) - Math.min(low, column.low)) / column.band > CELLS_MAX) return;
    while (column.low > low) column.element.append(this.#cell(column, (column.low -= column.band)));
    while (column.high < high) {
      column.element.prepend(this.#cell(column, column.high));
      column.high += column.band;
      column.grown = true;
    }
    if (column.grown) this.onGrown?.(column);
    column.grown = false;
  }

  /**
   * A column that the page lacks, as the server draws it: its rows from the highest down.
   * @param {number} start @param {number} band @param {number} low
   */
  make(start, band, low) {
    const element = document.createElement('div');
    element.id = `k${start}-${band}`;
    element.className = 'col';
    Object.assign(element.dataset, { start, band, low });
    attribute(element, 'role', 'row');
    const [from, until] = [start, start + this.windowMs].map((at) =>
      new Date(at).toISOString().slice(11, 19),
    );
    attribute(element, 'aria-label', `Window from ${from} to ${until} UTC`);
    for (let row = this.rows; row-- > 0; ) element.append(this.#cell({ start, band }, low + row * band));
    return element;
  }

  /** @param {Pick<Column, 'start' | 'band'>} column @param {number} low */
  #cell(column, low) {
    const cell = document.createElement('div');
    cell.id = `c${column.start}-${this.windowMs}-${low}-${low + column.band}`;
    cell.className = 'cell off';
    cell.tabIndex = -1;
    attribute(cell, 'role', 'gridcell');
    attribute(cell, 'aria-disabled', 'true');
    describe(cell, low, column.band);
    return cell;
  }
}

/** @param {Element} column */
const cellsOf = (column) => /** @type {HTMLCollectionOf<Cell>} */ (column.children);

/** @param {Cell} cell */
const lowOf = (cell) => (cell.low_ ??= Number(cell.id.split('-')[2]));

/**
 * The price band, for those who do not see where a cell lies. Its name is what stands in it, its row's the
 * window.
 * @param {Cell} cell @param {number} low @param {number} band
 */
const describe = (cell, low, band) =>
  cell.setAttribute('aria-description', `${bandEndOf(low)} to ${bandEndOf(low + band)}`);

const CELLS_MAX = 200;
