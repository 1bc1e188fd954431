import { within } from '../page/element.js';
import { PastLine, trace } from './past-line.js';

/**
 * The price line, which ends where the last tick was and crosses no gap in them. The newest window is as long
 * as the columns are wide: a canvas that lies on the plane and moves with it, so that it is drawn when there
 * is a price and not when there is a frame. What came before is pressed together into the rest of what lies
 * left of now, on a canvas that stands still.
 */
export class PriceLine {
  /** UTC epoch ms on the server, cents. @type {[at: number, price: number][]} */
  points = [];
  colour = '';
  /** Where the canvas lies on the plane, in its pixels; nowhere before the first price. */
  left = Number.NaN;
  top = Number.NaN;
  width = Number.NaN;
  height = Number.NaN;
  drawn = false;

  /** @param {HTMLElement} grid @param {import('./plane.js').Plane} plane */
  constructor(grid, plane) {
    this.plane = plane;
    this.grid = grid;
    this.canvas = /** @type {HTMLCanvasElement} */ (within(grid, '.drift canvas'));
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.past = new PastLine(grid, plane);
    this.mark = within(grid, '.mark');
    const at = Number(grid.dataset.at);
    const numbers = grid.dataset.line ? grid.dataset.line.split(' ').map(Number) : [];
    for (let i = 0; i + 1 < numbers.length; i += 2)
      this.points.push([at + Number(numbers[i]), Number(numbers[i + 1])]);
    this.gapMs = Number(grid.dataset.gap);
    this.recolour();
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', () => this.recolour());
  }

  get price() {
    return this.points.at(-1)?.[1] ?? null;
  }

  /** When the last price was made, UTC epoch ms on the server. */
  get at() {
    return this.points.at(-1)?.[0] ?? -Infinity;
  }

  /** @param {number} at @param {number} price */
  push(at, price) {
    const last = this.points.at(-1);
    if (!last || at > last[0]) this.points.push([at, price]);
    if (this.points.length > POINTS_MAX) this.points.splice(0, POINTS_MAX >> 2);
  }

  recolour() {
    const style = getComputedStyle(this.grid);
    // Colours that a reader has chosen for everything: that of their text.
    const isForced = matchMedia('(forced-colors: active)').matches;
    this.colour = isForced ? style.color : style.getPropertyValue('--amber').trim();
  }

  /** Draws what is in sight at `now`, and puts the mark at the price. @param {number} now */
  draw(now) {
    const { price } = this;
    if (price === null) return;
    const first = this.#firstInSight(now);
    this.#frame(now, first);
    this.context.clearRect(this.left, this.top, this.width, this.height);
    this.#stroke(now, first);
    this.past.draw(this.points, now, this.colour, this.gapMs);
    this.mark.style.transform = `translateY(${Math.round(this.plane.yOf(price))}px)`;
    if (this.drawn) return;
    this.drawn = true;
    this.mark.hidden = false;
    this.grid.querySelector('.line')?.remove();
  }

  /** @param {number} now */
  #firstInSight(now) {
    const { points } = this;
    const edge = now - this.plane.cells.windowMs;
    return Math.max(
      0,
      points.findLastIndex(([at]) => at <= edge),
    );
  }

  /**
   * The canvas is no larger than the line needs: the newest window, what passes before it is moved on,
   * and the prices in sight.
   * @param {number} now @param {number} first
   */
  #frame(now, first) {
    const { plane, canvas, context, points } = this;
    const left = plane.xOf(now) - plane.columnWidth;
    const width = plane.columnWidth + SPARE_PX;
    let [top, bottom] = [Infinity, -Infinity];
    for (const [, price] of points.slice(first)) {
      const y = plane.yOf(price);
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    top = Math.max(top, -plane.follow.goal - plane.height);
    bottom = Math.min(bottom, plane.height - plane.follow.goal);
    const fits =
      width === this.width &&
      left >= this.left &&
      left <= this.left + SPARE_PX &&
      top >= this.top + 2 &&
      bottom <= this.top + this.height - 2;
    if (fits || bottom < top) return;
    const height = Math.ceil((bottom - top + SPARE_PX) / HEIGHT_STEP_PX) * HEIGHT_STEP_PX;
    const scale = Math.min(2, devicePixelRatio || 1);
    const size = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
    if (canvas.width !== size.width || canvas.height !== size.height) {
      Object.assign(canvas, size);
      Object.assign(canvas.style, { width: `${size.width / scale}px`, height: `${size.height / scale}px` });
    }
    this.width = width;
    this.height = height;
    this.left = Math.floor(left);
    this.top = Math.floor((top + bottom - height) / 2);
    canvas.style.transform = `translate(${this.left}px,${this.top}px)`;
    context.setTransform(scale, 0, 0, scale, -this.left * scale, -this.top * scale);
  }

  /** @param {number} now @param {number} first */
  #stroke(now, first) {
    const { plane, context, points } = this;
    const edge = plane.xOf(now) - plane.columnWidth;
    context.save();
    context.beginPath();
    context.rect(edge, this.top, this.width, this.height);
    context.clip();
    context.strokeStyle = this.colour;
    trace(
      context,
      points.slice(first),
      this.gapMs,
      (at) => plane.xOf(at),
      (price) => plane.yOf(price),
    );
    context.restore();
  }
}

const POINTS_MAX = 1500;
/** What the canvas is larger than the line, so that it is not moved all the time. */
const SPARE_PX = 40;
const HEIGHT_STEP_PX = 96;
