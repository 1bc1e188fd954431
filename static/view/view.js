import { write } from '../board/repaint.js';
import { attribute, byId } from '../page/element.js';
import { within } from './limits.js';
import { snapped, STEPS } from './zoom.js';

/** So near to the price, as a share of the height, a hand has brought the board back to it. */
const NEAR_SHARE = 0.1;
/** Of a column. */
const NEAR_COLUMN_SHARE = 0.3;

/**
 * The part of the board that its trader looks at, and how large. At home it begins at the price and follows
 * it; whoever has moved it elsewhere comes back with one press.
 *
 * @typedef {{ grid: HTMLElement, plane: import('../board/plane.js').Plane,
 *   cells: import('../board/cells.js').Cells, screen: import('../board/repaint.js').Repaint,
 *   gesture: import('../tap/gesture.js').Gesture, say: (text: string) => void, now: () => number,
 *   price: () => number | null }} Parts
 * A point of the window that keeps what lies under it: pixels from the left edge, and down from the middle.
 * @typedef {{ x: number, y: number, ahead: number, price: number }} Anchor
 */
export class View {
  /** @param {Parts} parts */
  constructor({ grid, plane, cells, screen, say, now, price }) {
    this.grid = grid;
    this.plane = plane;
    this.cells = cells;
    this.screen = screen;
    this.say = say;
    this.now = now;
    this.price = price;
    this.board = /** @type {HTMLElement} */ (grid.parentElement);
    this.zoom = Number(getComputedStyle(this.board).getPropertyValue('--zoom')) || 1;
    this.back = byId('to-price');
    this.reset = byId('zoom');
    this.back.addEventListener('click', () => this.goHome());
    this.reset.addEventListener('click', () => this.resetZoom());
    this.board.dataset.movable = '';
    this.show();
  }

  /** Whether it begins where the price is. */
  get isHome() {
    return !this.plane.away && !this.#isAcross;
  }

  /** Whether now lies elsewhere than at home. */
  get #isAcross() {
    const { x, wide } = this.plane.follow.end;
    return Math.abs(x + (wide - 1) * this.plane.homeX) >= 1;
  }

  /**
   * What is to stay where it is while the size changes: the price, or, where the board has been moved away
   * from it, what lies at that point, the middle without one.
   * @param {number} [x] @param {number} [y] @returns {Anchor}
   */
  anchor(x = (this.plane.width - this.plane.axis) / 2, y = 0) {
    const { plane } = this;
    const moment = performance.now();
    const price = this.price();
    if (!this.isHome || price === null) return { x, y, ...plane.pointAt(x, y, moment) };
    const pose = plane.follow.pose(moment);
    return {
      x: pose.x + pose.wide * plane.homeX,
      y: pose.y + pose.tall * plane.yOf(price),
      ahead: 0,
      price,
    };
  }

  /**
   * The picture at which an anchor lies at its point, for a stretch of the layout.
   * @param {Anchor} anchor
   */
  poseOf({ x, y, ahead, price }, wide = 1, tall = 1) {
    const { plane } = this;
    const across = plane.homeX + (ahead / this.cells.windowMs) * plane.columnWidth;
    return { x: x - wide * across, y: y - tall * plane.yOf(price), wide, tall };
  }

  /** Shows it larger or smaller. @param {number} zoom @param {Anchor} anchor */
  zoomTo(zoom, anchor) {
    this.size(zoom);
    this.settle(anchor);
  }

  /** The next step up or down. @param {1 | -1} sign */
  zoomBy(sign) {
    const next =
      sign > 0 ? STEPS.find((step) => step > this.zoom) : STEPS.findLast((step) => step < this.zoom);
    this.zoomTo(next ?? this.zoom, this.anchor());
    this.say(`Zoom ${percentOf(this.zoom)}.`);
  }

  /** As large as the style sheet has it. */
  resetZoom() {
    this.zoomTo(1, this.anchor());
    this.say('Zoom 100 %.');
  }

  /** Gives the board another size; the picture stays as it is until it is settled. @param {number} zoom */
  size(zoom) {
    const next = snapped(zoom);
    if (next === this.zoom) return;
    this.zoom = next;
    this.plane.resize(() => this.board.style.setProperty('--zoom', String(next)));
    this.screen.paint();
    document.cookie = `zoom=${Math.round(next * 100)}; Path=/; Max-Age=31536000; SameSite=Lax`;
  }

  /** Shows another number of rows at the usual size. @param {number} rows */
  rowsTo(rows) {
    const anchor = this.anchor();
    this.plane.resize(() => this.grid.style.setProperty('--most', String(rows)));
    this.screen.paint();
    this.settle(anchor);
  }

  /**
   * Moves the board by hand: as far as there are columns and rows on offer.
   * @param {{ x?: number, y?: number }} to
   */
  drag({ x = this.plane.follow.end.x, y }) {
    const { follow } = this.plane;
    if (y !== undefined) this.plane.away = true;
    follow.jump(this.#limited({ x, y: y ?? follow.goal }));
    this.screen.ask();
    this.plane.ruleOff();
    this.show();
  }

  /**
   * Lets it come to rest: at the price when that is near, else so that rows meet the edges, and as large as
   * it is laid out.
   * @param {Anchor} [anchor] what is to lie at its point
   * @param {{ x?: number, y?: number }} [speed] pixels a second that a hand has given it
   */
  settle(anchor, speed = {}) {
    const { plane } = this;
    const here = anchor ? this.poseOf(anchor) : plane.follow.end;
    const to = this.#limited({
      x: here.x + (speed.x ?? 0) * COAST_S,
      y: here.y + (speed.y ?? 0) * COAST_S,
    });
    const price = this.price();
    if (price !== null && Math.abs(to.y + plane.yOf(price)) < plane.height * NEAR_SHARE) plane.away = false;
    this.#move(
      {
        x: Math.abs(to.x) < plane.columnWidth * NEAR_COLUMN_SHARE ? 0 : to.x,
        y: plane.middleOf(this.#priceAt(to.y)),
      },
      speed,
    );
  }

  /** Back to the price. */
  goHome() {
    const price = this.price();
    this.plane.away = false;
    this.#move({ x: 0, y: price === null ? this.plane.follow.goal : this.plane.middleOf(price) }, {});
    this.say('Back at the price.');
  }

  /** Brings a cell in sight, where it is not. @param {import('../board/cells.js').Cell} cell */
  reveal(cell) {
    const found = this.cells.read(cell);
    if (!found) return;
    const { plane } = this;
    const { x, y } = plane.follow.end;
    const left = plane.homeX + x + plane.xOf(found.column.start) - plane.xOf(this.now());
    const top = y + plane.yOf(found.high);
    const bottom = y + plane.yOf(found.low);
    const room = plane.width - plane.axis - plane.columnWidth;
    const across = left < 0 ? -left : Math.min(0, room - left);
    const half = plane.height / 2;
    const down = top < -half ? -half - top : Math.min(0, half - bottom);
    const isBeside = Math.abs(down) >= 1;
    if (across !== 0 || isBeside) this.settleAt({ x: x + across, ...(isBeside && { y: y + down }) });
  }

  /** @param {{ x?: number, y?: number }} to */
  settleAt(to) {
    const { follow } = this.plane;
    if (to.y !== undefined) this.plane.away = true;
    this.#move(this.#limited({ x: follow.end.x, y: follow.goal, ...to }), {});
  }

  /** Writes the two buttons: back to the price, and how large the board is. */
  show() {
    const { back, reset } = this;
    const away = !this.isHome;
    this.board.classList.toggle('panned', this.#isAcross);
    const price = this.price();
    if (away && price !== null) write(back, `${this.#arrow(price)} Back to the price`);
    this.#offer(back, away);
    const size = percentOf(this.zoom);
    if (reset.textContent !== size) attribute(reset, 'aria-label', `Zoom ${size}. Back to 100 %`);
    write(reset, size);
    this.#offer(reset, this.zoom !== 1);
  }

  /** The focus never falls off the board with a button. @param {HTMLElement} button @param {boolean} is */
  #offer(button, is) {
    if (button.hidden === !is) return;
    const hadFocus = document.activeElement === button;
    button.hidden = !is;
    if (hadFocus && !is) this.grid.focus({ preventScroll: true });
  }

  /** Where the price is. @param {number} price */
  #arrow(price) {
    const { plane } = this;
    const down = plane.yOf(price) + plane.follow.goal;
    if (Math.abs(down) > plane.height / 2) return down < 0 ? '↑' : '↓';
    return plane.follow.end.x < 0 ? '←' : '↔';
  }

  /** @param {{ x: number, y: number }} to @param {{ x?: number, y?: number }} speed */
  #move(to, speed) {
    const { follow } = this.plane;
    const pose = { ...to, wide: 1, tall: 1 };
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) follow.jump(pose);
    else follow.move(pose, speed);
    this.screen.ask();
    this.plane.ruleOff();
    this.show();
  }

  /** @param {{ x: number, y: number }} to */
  #limited(to) {
    return within(to, this);
  }

  /** The price in the middle at so many pixels down. @param {number} y */
  #priceAt(y) {
    return this.plane.anchor + y / this.plane.pxPerCent;
  }
}

/** For how long a hand's speed carries the board on. */
const COAST_S = 0.35;

/** @param {number} zoom */
const percentOf = (zoom) => `${Math.round(zoom * 100)} %`;
