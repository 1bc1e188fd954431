import { byId, within } from '../page/element.js';
import { write } from './repaint.js';

/** How far back it reaches where there is little room, and where there is more. */
const PAST_MS = 30_000;
const LONG_PAST_MS = 120_000;
const ROOM_PX = 120;
/** In less there is nothing to be seen. */
const ROOM_PX_MIN = 8;
/** Points that lie closer are one. */
const STEP_PX = 0.75;

/**
 * The price line before the newest window: half a minute on a phone, minutes on wider screens, pressed
 * together into what lies left of that window. It begins invisible.
 */
export class PastLine {
  /** @param {HTMLElement} grid @param {import('./plane.js').Plane} plane */
  constructor(grid, plane) {
    this.plane = plane;
    this.canvas = /** @type {HTMLCanvasElement} */ (within(grid, 'canvas.past'));
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.label = byId('past');
  }

  /** How far back it reaches, ms. */
  get span() {
    const { homeX, cells } = this.plane;
    return Math.max(homeX < ROOM_PX ? PAST_MS : LONG_PAST_MS, 3 * cells.windowMs);
  }

  /**
   * @param {readonly (readonly [at: number, price: number])[]} points @param {number} now
   * @param {string} colour @param {number} gapMs
   */
  draw(points, now, colour, gapMs) {
    const { plane, context } = this;
    const width = plane.homeX - plane.columnWidth;
    const { height } = plane;
    this.canvas.hidden = this.label.hidden = !(width > ROOM_PX_MIN);
    if (this.canvas.hidden) return;
    this.#fit(width, 2 * height);
    const ends = now - plane.cells.windowMs;
    const length = this.span - plane.cells.windowMs;
    /** @param {number} at */
    const xOf = (at) => width * (1 - (ends - at) / length);
    const top = -plane.follow.goal - height;
    this.canvas.style.transform = `translateY(${top}px)`;
    context.clearRect(0, 0, width, 2 * height);
    const fade = context.createLinearGradient(0, 0, width, 0);
    fade.addColorStop(0, 'transparent');
    fade.addColorStop(0.4, colour);
    context.strokeStyle = fade;
    trace(context, thinned(points, xOf, width), gapMs, xOf, (price) => plane.yOf(price) - top);
    write(
      this.label,
      this.span < 120_000 ? `${this.span / 1000} s` : `${Math.round(this.span / 60_000)} min`,
    );
  }

  /** @param {number} width @param {number} height */
  #fit(width, height) {
    const { canvas, context } = this;
    const scale = Math.min(2, devicePixelRatio || 1);
    const size = { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
    if (canvas.width === size.width && canvas.height === size.height) return;
    Object.assign(canvas, size);
    Object.assign(canvas.style, { width: `${size.width / scale}px`, height: `${size.height / scale}px` });
    context.setTransform(scale, 0, 0, scale, 0, 0);
  }
}

/**
 * Those in sight, no more than can be told apart, and one on either side.
 * @param {readonly (readonly [at: number, price: number])[]} points @param {(at: number) => number} xOf
 * @param {number} width
 */
function thinned(points, xOf, width) {
  /** @type {(readonly [at: number, price: number])[]} */
  const kept = [];
  let x = -Infinity;
  for (const point of points) {
    const next = xOf(point[0]);
    if (next - x < STEP_PX) continue;
    if (next <= 0) kept.length = 0;
    kept.push(point);
    x = next;
    if (next > width) break;
  }
  return kept;
}

/**
 * Draws a line through points; it crosses no gap between them.
 * @param {CanvasRenderingContext2D} context @param {readonly (readonly [at: number, price: number])[]} points
 * @param {number} gapMs @param {(at: number) => number} xOf @param {(price: number) => number} yOf
 */
export function trace(context, points, gapMs, xOf, yOf) {
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.beginPath();
  let before = -Infinity;
  for (const [at, price] of points) {
    context[at - before > gapMs ? 'moveTo' : 'lineTo'](xOf(at), yOf(price));
    before = at;
  }
  context.stroke();
}
