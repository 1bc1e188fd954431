import { all, byId, within } from '../page/element.js';
import { countdownOf } from './figures.js';
import { Drift, Follow } from './glide.js';
import { PriceRules, UNITS_PER_ROW } from './price-rules.js';
import { write } from './repaint.js';

/** The price may leave the middle by this share of the height before the board follows it. */
const LOOSE_SHARE = 0.2;
const REBASE_COLUMNS = 2000;

/**
 * Where things are on the screen. Columns lie on one plane that moves left with time, up and down as the
 * board follows the price. Prices and times map to pixels here and nowhere else: on the plane they stand
 * still, in the window they move.
 */
export class Plane {
  #held = false;
  /** Lengths that the style sheet decides, in pixels. */
  width = 0;
  height = 0;
  row = 0;
  nowX = 0;
  axis = 0;
  columnWidth = 0;
  /** Pixels of a cent; 0 before they were measured. */
  pxPerCent = 0;

  /**
   * @param {HTMLElement} grid @param {import('./cells.js').Cells} cells
   * @param {import('./clock.js').ServerClock} clock
   */
  constructor(grid, cells, clock) {
    this.grid = grid;
    this.cells = cells;
    this.clock = clock;
    const { origin, anchor, band } = grid.dataset;
    this.plane = within(grid, '#plane');
    const rules = within(grid, '#rules');
    this.priceRules = new PriceRules(rules);
    this.rise = within(grid, '.rise');
    this.heads = byId('heads');
    this.origin = Number(origin);
    this.anchor = Number(anchor);
    this.band = Number(band);
    this.drift = new Drift(within(grid, '.drift'), this.heads);
    this.follow = new Follow(0, this.rise, rules);
    cells.onGrown = (column) => this.#place(column);
    for (const element of all('#plane > *', grid)) this.take(element);
    watchAdded(this.plane, (element) => this.take(element));
    watchAdded(this.heads, (head) => this.#placeHead(head));
    for (const head of all('#heads > *')) this.#placeHead(head);
    this.measure();
    new ResizeObserver(() => this.measure()).observe(grid);
  }

  /**
   * Puts a column that the server sent at its place; a second one of the same window goes.
   * @param {HTMLElement} element
   */
  take(element) {
    const column = this.cells.adopt(element);
    if (column === null) element.remove();
    else this.#place(column);
  }

  /** Reads the lengths that the style sheet decides; nothing else reads the layout. */
  measure() {
    const style = getComputedStyle(this.grid);
    const { width, height } = this.grid.getBoundingClientRect();
    this.width = width;
    this.height = height;
    this.row = parseFloat(getComputedStyle(this.rise).scrollPaddingTop);
    this.nowX = parseFloat(style.scrollPaddingLeft);
    this.axis = parseFloat(style.scrollPaddingRight);
    this.columnWidth = this.heads.firstElementChild?.getBoundingClientRect().width || 54;
    this.#scale();
    this.drift.keep(this.nowX - this.xOf(this.clock.now()), this.columnWidth / this.cells.windowMs);
  }

  /** Pixels of a moment on the plane. @param {number} at */
  xOf(at) {
    return ((at - this.origin) / this.cells.windowMs) * this.columnWidth;
  }

  /** Pixels of a price on the plane, 0 in its middle, downwards. @param {number} price */
  yOf(price) {
    return (this.anchor - price) * this.pxPerCent;
  }

  /**
   * The cell at a point of the window at a moment of `performance.now()`, or null. The picture moves without
   * this thread, so nobody else knows.
   * @param {number} clientX @param {number} clientY @param {number} moment
   * @returns {import('./cells.js').Cell | null}
   */
  cellAt(clientX, clientY, moment) {
    const { cells, nowX, columnWidth, axis, width, height } = this;
    const box = this.grid.getBoundingClientRect();
    const x = clientX - box.left;
    const y = clientY - box.top;
    if (x < 0 || x > width - axis || y < 0 || y > height) return null;
    const at = this.clock.now() - (performance.now() - moment) + ((x - nowX) / columnWidth) * cells.windowMs;
    const column = cells.columns.get(Math.floor(at / cells.windowMs) * cells.windowMs);
    const price = this.anchor - (y - height / 2 - this.follow.at(moment)) / this.pxPerCent;
    const cell = column?.element.children[Math.floor((column.high - price) / column.band)];
    return /** @type {import('./cells.js').Cell | undefined} */ (cell) ?? null;
  }

  /**
   * What can be seen at `now` and in the second after it, and a little more: column starts before `until`,
   * prices from `low` to `high`.
   * @param {number} now
   */
  sight(now) {
    const { anchor, pxPerCent, follow, height, row } = this;
    const here = follow.at(performance.now());
    const reach = height / 2 + row;
    return {
      until: now + 1000 + ((this.width - this.nowX) / this.columnWidth) * this.cells.windowMs,
      low: anchor + (Math.min(here, follow.goal) - reach) / pxPerCent,
      high: anchor + (Math.max(here, follow.goal) + reach) / pxPerCent,
    };
  }

  /** While a finger is down the board does not go up or down. @param {boolean} held */
  set held(held) {
    this.#held = held;
    if (held) this.follow.stop();
  }

  /** Follows a price that has gone far from the middle. @param {number | null} price */
  look(price) {
    if (price === null || this.#held) return;
    const away = Math.abs(this.yOf(price) + this.follow.goal);
    const middle = -this.yOf((Math.floor(price / this.band) + 0.5) * this.band);
    if (away > this.height) this.follow.jump(middle);
    else if (away > this.height * LOOSE_SHARE) this.follow.move(middle);
  }

  /**
   * What changes by the second: labels, locks, columns that are out of sight, price labels.
   * @param {number} now
   */
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
      if (this.nowX + this.xOf(column.start) - this.xOf(now) < -2 * this.columnWidth) {
        this.cells.drop(column);
        head?.remove();
      }
    }
    if (now - this.origin > REBASE_COLUMNS * windowMs) this.#rebase(now);
    this.#adoptBand(now);
    this.#ruleOff();
    this.drift.keep(this.nowX - this.xOf(now), this.columnWidth / windowMs);
  }

  /** @param {HTMLElement} head @param {number} until */
  #label(head, until) {
    const { windowMs } = this.cells;
    const text =
      until <= -windowMs ? '' : until <= 0 ? 'now' : until < windowMs ? 'locked' : countdownOf(until);
    write(head, text);
    this.#drain(head, until);
  }

  /**
   * The soonest column that can be tapped shows how long it still can.
   * @param {HTMLElement} head @param {number} until
   */
  #drain(head, until) {
    const { windowMs } = this.cells;
    const next = until >= windowMs && until < 2 * windowMs;
    if (head.classList.contains('next') === next) return;
    head.style.setProperty('--window', `${windowMs}ms`);
    head.style.setProperty('--since', `${Math.round(until - 2 * windowMs)}ms`);
    head.classList.toggle('next', next);
  }

  /** @param {import('./cells.js').Column} column */
  #place(column) {
    const { style } = column.element;
    style.setProperty('--i', String((column.start - this.origin) / this.cells.windowMs));
    style.setProperty('--Y', String(((this.anchor - column.top) / this.band) * UNITS_PER_ROW));
    style.setProperty('--y', '0');
    style.setProperty('--g', String((column.high - column.top) / column.band));
    style.setProperty('--b', String((column.band / this.band) * UNITS_PER_ROW));
  }

  /** @param {HTMLElement} head */
  #placeHead(head) {
    if (this.heads.querySelectorAll(`#${head.id}`).length > 1) head.remove();
    else this.#shift(head);
  }

  /** @param {HTMLElement} head */
  #shift(head) {
    head.style.setProperty('--i', String((Number(head.dataset.start) - this.origin) / this.cells.windowMs));
  }

  /** Pixels of a cent; what was in the middle stays there. */
  #scale() {
    const before = this.pxPerCent;
    this.pxPerCent = this.row / this.band;
    if (before && before !== this.pxPerCent) this.follow.jump((this.follow.goal * this.pxPerCent) / before);
  }

  /**
   * When most of what can be tapped has another band height, that becomes one row on the screen.
   * @param {number} now
   */
  #adoptBand(now) {
    const bands = [...this.cells.columns.values()]
      .filter((column) => column.start > now)
      .map((column) => column.band)
      .sort((a, b) => a - b);
    const usual = bands[bands.length >> 1];
    if (!usual || usual === this.band) return;
    this.band = usual;
    this.#scale();
    for (const column of this.cells.columns.values()) this.#place(column);
  }

  /** Far from its origin a plane loses precision. @param {number} now */
  #rebase(now) {
    this.origin += Math.floor((now - this.origin) / this.cells.windowMs) * this.cells.windowMs;
    for (const column of this.cells.columns.values()) this.#place(column);
    for (const head of all('#heads > *')) this.#shift(head);
  }

  /** Price lines across the board, one a row, kept in step with what is in sight. */
  #ruleOff() {
    const reach = Math.ceil(this.height / this.row / 2) + 5;
    const middle = Math.round((this.anchor + this.follow.goal / this.pxPerCent) / this.band);
    this.priceRules.draw(this.band, this.anchor, middle, reach);
  }
}

/**
 * @param {HTMLElement} place
 * @param {(element: HTMLElement) => void} take called with each element that comes
 */
function watchAdded(place, take) {
  const look = (/** @type {MutationRecord[]} */ records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node instanceof HTMLElement) take(node);
  };
  new MutationObserver(look).observe(place, { childList: true });
}
