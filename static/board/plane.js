import { bandEndOf, countdownOf } from './figures.js';

const UNITS_PER_ROW = 20;
const ROW_PX = 49;
/** About as many as are on offer: a taller board gets taller rows. */
const ROWS_SHOWN_MAX = 13;
/** The price may leave the middle by this share of the height before the board follows it. */
const LOOSE_SHARE = 0.2;
const FOLLOW_MS = 380;
const REBASE_COLUMNS = 2000;

/**
 * Where things are on the screen. Columns lie on one plane that a single transform moves: left with time, up and down as the board follows the
 * price. Prices and times map to pixels here and nowhere else.
 */
export class Plane {
  constructor(grid, cells, clock) {
    Object.assign(this, { grid, cells, clock });
    const { origin, anchor, band } = grid.dataset;
    this.plane = grid.querySelector('#plane');
    this.rules = grid.querySelector('#rules');
    this.heads = document.getElementById('heads');
    this.origin = Number(origin);
    this.anchor = Number(anchor);
    this.band = Number(band);
    this.shownBand = this.band;
    this.centre = this.anchor;
    this.goal = null;
    this.held = false;
    cells.onGrown = (column) => this.#place(column);
    for (const element of [...this.plane.children]) this.take(element);
    new MutationObserver((records) => records.forEach((record) => record.addedNodes.forEach((node) => node.nodeType === 1 && this.take(node)))).observe(this.plane, { childList: true });
    new MutationObserver((records) => records.forEach((record) => record.addedNodes.forEach((node) => node.nodeType === 1 && this.#placeHead(node)))).observe(this.heads, { childList: true });
    for (const head of this.heads.children) this.#placeHead(head);
    new ResizeObserver(() => this.measure()).observe(grid);
    this.measure();
  }

  /** Puts a column that the server sent at its place; a second one of the same window goes. */
  take(element) {
    const column = this.cells.adopt(element);
    if (column === null) element.remove();
    else this.#place(column);
  }

  measure() {
    const style = getComputedStyle(this.grid);
    this.width = this.grid.clientWidth;
    this.height = this.grid.clientHeight;
    this.nowX = parseFloat(style.scrollPaddingLeft);
    this.axis = parseFloat(style.scrollPaddingRight);
    this.columnWidth = this.heads.firstElementChild?.getBoundingClientRect().width || 54;
    // An odd number, so that a row is in the middle and rows meet both edges.
    this.rowsShown = Math.min(ROWS_SHOWN_MAX, Math.max(5, 2 * Math.round((this.height / ROW_PX - 1) / 2) + 1));
    this.#scale();
  }

  /** Pixels from the left edge. */
  xOf(at, now) {
    return this.nowX + ((at - now) / this.cells.windowMs) * this.columnWidth;
  }

  /** Pixels from the top edge. */
  yOf(price) {
    return this.height / 2 + (this.centre - price) * this.pxPerCent;
  }

  /** Moves everything to where it is at `now`; `elapsed` ms since the frame before. */
  frame(now, price, elapsed) {
    this.#follow(price, elapsed);
    const x = this.xOf(this.origin, now);
    const y = (this.centre - this.anchor) * this.pxPerCent;
    this.plane.style.transform = `translate3d(${x.toFixed(2)}px,${y.toFixed(2)}px,0)`;
    this.heads.style.transform = `translate3d(${x.toFixed(2)}px,0,0)`;
    this.rules.style.transform = `translate3d(0,${y.toFixed(2)}px,0)`;
  }

  /** What changes by the second: labels, locks, columns that are out of sight, price labels. */
  sweep(now) {
    const { windowMs, columns } = this.cells;
    for (const column of [...columns.values()]) {
      const until = column.start - now;
      const state = until <= -windowMs ? 'past' : until <= 0 ? 'current' : until < windowMs ? 'locked' : '';
      if (column.state !== state) {
        column.state = state;
        column.element.className = state ? `col ${state}` : 'col';
      }
      const head = document.getElementById(`h${column.start}`);
      if (head) this.#label(head, until);
      if (this.xOf(column.start, now) < -2 * this.columnWidth) {
        this.cells.drop(column);
        head?.remove();
      }
    }
    if (now - this.origin > REBASE_COLUMNS * windowMs) this.#rebase(now);
    this.#adoptBand(now);
    this.#ruleOff();
  }

  #label(head, until) {
    const { windowMs } = this.cells;
    const text = until <= -windowMs ? '' : until <= 0 ? 'now' : until < windowMs ? 'locked' : countdownOf(until);
    if (head.textContent !== text) head.textContent = text;
  }

  #place(column) {
    const { style } = column.element;
    style.setProperty('--i', (column.start - this.origin) / this.cells.windowMs);
    style.setProperty('--Y', ((this.anchor - column.high) / this.shownBand) * UNITS_PER_ROW);
    style.setProperty('--y', 0);
    style.setProperty('--b', (column.band / this.shownBand) * UNITS_PER_ROW);
  }

  #placeHead(head) {
    if (this.heads.querySelectorAll(`#${head.id}`).length > 1) return head.remove();
    head.style.setProperty('--i', (Number(head.dataset.start) - this.origin) / this.cells.windowMs);
  }

  #scale() {
    const row = this.height / this.rowsShown;
    this.pxPerCent = row / this.shownBand;
    this.grid.style.setProperty('--row', `${row}px`);
  }

  /** The board stands still while the price is near the middle, and while a finger is down. */
  #follow(price, elapsed) {
    if (price === null || this.held) return;
    const away = (price - this.centre) * this.pxPerCent;
    const middle = (Math.floor(price / this.shownBand) + 0.5) * this.shownBand;
    if (Math.abs(away) > this.height) this.centre = middle;
    if (Math.abs(away) > this.height * LOOSE_SHARE) this.goal = middle;
    if (this.goal === null) return;
    this.centre += (this.goal - this.centre) * (1 - Math.exp(-elapsed / FOLLOW_MS));
    if (Math.abs(this.goal - this.centre) * this.pxPerCent < 0.5) this.goal = null;
  }

  /** When most of what can be tapped has another band height, that becomes one row on the screen. */
  #adoptBand(now) {
    const bands = [...this.cells.columns.values()].filter((column) => column.start > now).map((column) => column.band).sort((a, b) => a - b);
    const usual = bands[bands.length >> 1];
    if (!usual || usual === this.shownBand) return;
    this.shownBand = usual;
    this.#scale();
    for (const column of this.cells.columns.values()) this.#place(column);
  }

  /** Far from its origin a plane loses precision. */
  #rebase(now) {
    this.origin += Math.floor((now - this.origin) / this.cells.windowMs) * this.cells.windowMs;
    for (const column of this.cells.columns.values()) this.#place(column);
    for (const head of this.heads.children) head.style.setProperty('--i', (Number(head.dataset.start) - this.origin) / this.cells.windowMs);
  }

  /** Price lines across the board, one a row, kept in step with what is in sight. */
  #ruleOff() {
    const reach = Math.ceil(this.rowsShown / 2) + 3;
    const middle = Math.round(this.centre / this.shownBand);
    const key = `${middle} ${this.shownBand} ${reach}`;
    if (key === this.ruled) return;
    this.ruled = key;
    const wanted = [];
    for (let i = -reach; i <= reach; i++) {
      const price = (middle + i) * this.shownBand;
      if (price <= 0) continue;
      const rule = document.createElement('i');
      rule.textContent = bandEndOf(price);
      rule.style.setProperty('--Y', ((this.anchor - price) / this.shownBand) * UNITS_PER_ROW);
      wanted.push(rule);
    }
    this.rules.replaceChildren(...wanted);
  }
}
