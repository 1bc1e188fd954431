import { all, byId, watchAdded, within } from '../page/element.js';
import { usualBand } from './change-board.js';
import { Drift, Follow } from './glide.js';
import { Heads } from './heads.js';
import { PriceRules, UNITS_PER_ROW } from './price-rules.js';

/** The price may leave the middle by this share of the height before the board follows it. */
const LOOSE_SHARE = 0.2;
/** From so far away a glide would be no picture: what lies between is not on the board. */
const FAR_SHARE = 2;
const REBASE_COLUMNS = 2000;
/** Price lines beyond the window come and go by so many. */
const RULES_STEP = 8;

/**
 * Where things are on the screen. Columns lie on one plane that moves left with time, up and down as the
 * board follows the price, and by the hand of its trader. Prices and times map to pixels here and nowhere
 * else: on the plane they stand still, in the window they move.
 */
export class Plane {
  #held = false;
  /** The trader looks elsewhere: the board does not follow the price up and down. */
  away = false;
  /** Lengths that the style sheet decides, in pixels. */
  width = 0;
  height = 0;
  row = 0;
  /** Where now is while nobody has moved the board. */
  homeX = 0;
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
    this.origin = Number(origin);
    this.anchor = Number(anchor);
    this.band = Number(band);
    this.heads = new Heads(byId('heads'), this);
    this.drift = new Drift(within(grid, '.drift'), this.heads.place);
    this.follow = new Follow(
      [this.rise, ({ y }) => ({ translate: `0 ${y}px` })],
      [within(grid, '.sway'), ({ x, wide, tall }) => ({ translate: `${x}px 0`, scale: `${wide} ${tall}` })],
      [rules, ({ y, tall }) => ({ translate: `0 ${y}px`, scale: `1 ${tall}` })],
      [this.heads.place, ({ x, wide }) => ({ translate: `${x}px 0`, scale: `${wide} 1` })],
    );
    cells.onGrown = (column) => this.#place(column);
    for (const element of all('#plane > *', grid)) this.take(element);
    watchAdded(this.plane, (element) => this.take(element));
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

  /**
   * The column of that window and band, made where the page lacks it.
   * @param {number} start @param {number} band @param {number} low
   */
  column(start, band, low) {
    const known = this.cells.columns.get(start);
    if (known?.band === band) return known;
    const element = this.cells.make(start, band, low);
    this.plane.append(element);
    const column = /** @type {import('./cells.js').Column} */ (this.cells.adopt(element));
    this.#place(column);
    this.heads.add(start);
    return column;
  }

  /** The window has another size: what was in its middle stays there. */
  measure() {
    const before = this.pxPerCent;
    this.#read();
    if (before && before !== this.pxPerCent)
      this.follow.jump({ y: (this.follow.goal * this.pxPerCent) / before, wide: 1, tall: 1 });
  }

  /**
   * Gives rows and columns another size. The picture stays as it was, stretched, until it is moved to where
   * nothing is: `wide` and `tall` 1.
   * @param {() => void} change of the style
   */
  resize(change) {
    const { columnWidth, row, follow, homeX } = this;
    const { x, y, wide, tall } = follow.pose(performance.now());
    // What is laid out afresh has not been shifted, neither for the eye nor in what the browser counts.
    const places = [this.plane, this.heads.place, this.priceRules.place];
    for (const place of places) place.style.display = 'none';
    // It would begin its animations anew, too.
    for (const badge of all('.bet.fresh', this.plane)) badge.classList.remove('fresh');
    change();
    this.#read();
    for (const place of places) place.style.display = '';
    const now = { wide: (wide * columnWidth) / this.columnWidth, tall: (tall * row) / this.row };
    follow.jump({ x: x + (wide - now.wide) * homeX, y, ...now });
    this.ruleOff();
  }

  /** Reads the lengths that the style sheet decides; nothing else reads the layout. */
  #read() {
    const style = getComputedStyle(this.grid);
    const { width, height } = this.grid.getBoundingClientRect();
    this.width = width;
    this.height = height;
    this.row = parseFloat(getComputedStyle(this.rise).scrollPaddingTop);
    this.homeX = parseFloat(style.scrollPaddingLeft);
    this.axis = parseFloat(style.scrollPaddingRight);
    this.columnWidth = parseFloat(style.scrollPaddingBottom);
    this.pxPerCent = this.row / this.band;
    this.keepDrifting(this.clock.now());
  }

  /** Where now is in the window, pixels from its left edge. */
  get nowX() {
    return this.homeX + this.follow.pose(performance.now()).x;
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
    const { cells, axis, width, height } = this;
    const box = this.grid.getBoundingClientRect();
    const x = clientX - box.left;
    const y = clientY - box.top;
    if (x < 0 || x > width - axis || y < 0 || y > height) return null;
    const { ahead, price } = this.pointAt(x, y - height / 2, moment);
    const at = this.clock.now() - (performance.now() - moment) + ahead;
    const column = cells.columns.get(Math.floor(at / cells.windowMs) * cells.windowMs);
    const cell = column?.element.children[Math.floor((column.high - price) / column.band)];
    return /** @type {import('./cells.js').Cell | undefined} */ (cell) ?? null;
  }

  /**
   * Time from now on, ms, and price at a point of the window: pixels from its left edge, and down from its
   * middle.
   * @param {number} x @param {number} y @param {number} moment of `performance.now()`
   */
  pointAt(x, y, moment) {
    const pose = this.follow.pose(moment);
    return {
      ahead: (((x - pose.x) / pose.wide - this.homeX) / this.columnWidth) * this.cells.windowMs,
      price: this.anchor - (y - pose.y) / pose.tall / this.pxPerCent,
    };
  }

  /**
   * What can be seen at `now` and in the second after it, and a little more: column starts before `until`,
   * prices from `low` to `high`.
   * @param {number} now
   */
  sight(now) {
    const { anchor, pxPerCent, follow, height, row, homeX } = this;
    const here = follow.pose(performance.now());
    const there = follow.end;
    const reach = height / 2 + row;
    const [wide, tall] = [Math.min(here.wide, there.wide), Math.min(here.tall, there.tall)];
    const right = (this.width - Math.min(here.x, there.x)) / wide - homeX;
    return {
      until: now + 1000 + (right / this.columnWidth) * this.cells.windowMs,
      low: anchor + (Math.min(here.y, there.y) - reach) / tall / pxPerCent,
      high: anchor + (Math.max(here.y, there.y) + reach) / tall / pxPerCent,
    };
  }

  get isHeld() {
    return this.#held;
  }

  /** While a finger is down the board does not go up or down. @param {boolean} held */
  set held(held) {
    this.#held = held;
    if (held) this.follow.stop();
  }

  /** Follows a price that has gone far from the middle. @param {number | null} price */
  look(price) {
    if (price === null || this.#held || this.away) return;
    const off = Math.abs(this.yOf(price) + this.follow.goal);
    const y = this.middleOf(price);
    if (off > this.height * FAR_SHARE) this.follow.jump({ y });
    else if (off > this.height * LOOSE_SHARE) this.follow.move({ y });
  }

  /** Pixels down at which the row of a price is in the middle. @param {number} price */
  middleOf(price) {
    return -this.yOf((Math.floor(price / this.band) + 0.5) * this.band);
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
      this.heads.label(column.start, until);
      if (this.homeX + this.xOf(column.start) - this.xOf(now) < -2 * this.columnWidth) {
        this.cells.drop(column);
        this.heads.drop(column.start);
      }
    }
    if (now - this.origin > REBASE_COLUMNS * windowMs) this.#rebase(now);
    this.#adoptBand(now);
    this.ruleOff();
    this.keepDrifting(now);
  }

  /** @param {number} now */
  keepDrifting(now) {
    this.drift.keep(this.homeX - this.xOf(now), this.columnWidth / this.cells.windowMs);
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

  /**
   * When most of what can be tapped has another band height, that becomes one row on the screen.
   * @param {number} now
   */
  #adoptBand(now) {
    const usual = usualBand([...this.cells.columns.values()], now);
    if (!usual || usual === this.band) return;
    const middle = this.anchor + this.follow.goal / this.pxPerCent;
    this.band = usual;
    this.pxPerCent = this.row / usual;
    this.follow.jump({ y: -this.yOf(middle), wide: 1, tall: 1 });
    for (const column of this.cells.columns.values()) this.#place(column);
  }

  /** Far from its origin a plane loses precision. @param {number} now */
  #rebase(now) {
    this.origin += Math.floor((now - this.origin) / this.cells.windowMs) * this.cells.windowMs;
    for (const column of this.cells.columns.values()) this.#place(column);
    this.heads.shift();
  }

  /** Price lines across the board, one a row, kept in step with what is in sight, and on the way there. */
  ruleOff() {
    const { follow, row } = this;
    const [here, there] = [follow.at(performance.now()), follow.goal];
    const apart = Math.abs(here - there) / row / 2;
    const reach = Math.ceil(this.height / row / 2) + 5 + Math.ceil(apart / RULES_STEP) * RULES_STEP;
    const middle = Math.round((this.anchor + (here + there) / 2 / this.pxPerCent) / this.band);
    this.priceRules.draw(this.band, this.anchor, middle, reach);
  }
}
