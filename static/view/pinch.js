import { ZOOM_MAX, ZOOM_MIN } from './zoom.js';

/** Two fingers that come down within this time mean one thing; two thumbs at play take turns. */
const TOGETHER_MS = 300;
/** Both have moved by so much, and one of them by more than a finger may slip on its cell. */
const MOVED_PX = 6;
const SLIP_PX = 14;
/** The middle between them may stray by so much while they only come closer or part. */
const PAN_SLIP_PX = 24;
/** The picture is stretched by no more than that before it is laid out anew. */
const STRETCH_MAX = 1.15;

/**
 * Pixels of the page, those where it came down, and when.
 * @typedef {{ x: number, y: number, fromX: number, fromY: number, at: number }} Touch
 * @typedef {{ x: number, y: number }} Point
 * What two fingers hold: how it was when they took it, and how far they have carried it.
 * @typedef {{ pair: [Touch, Touch], anchor: import('./view.js').Anchor, apart: number, middle: Point,
 *   zoom: number, row: number, pan: Point, moved: boolean }} Held
 */

/**
 * Two fingers on the board: apart or together for larger or smaller, both one way to move it. What they had
 * pressed is forgotten, so that nothing is bet.
 */
export class Pinch {
  /** By pointer. @type {Map<number, Touch>} */
  #touches = new Map();
  /** @type {Held | null} */
  #held = null;
  #asked = false;

  /**
   * @param {import('./view.js').View} view @param {import('../tap/gesture.js').Gesture} gesture
   */
  constructor(view, gesture) {
    this.view = view;
    this.gesture = gesture;
    const { grid } = view;
    const on = (/** @type {keyof HTMLElementEventMap} */ kind, /** @type {(event: any) => void} */ hear) =>
      grid.addEventListener(kind, hear, { capture: true });
    on('pointerdown', (event) => this.#down(event));
    on('pointermove', (event) => this.#move(event));
    on('pointerup', (event) => this.#up(event));
    on('pointercancel', (event) => this.#up(event));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.pointerType !== 'touch') return;
    const { clientX: x, clientY: y, timeStamp: at } = event;
    this.#touches.set(event.pointerId, { x, y, fromX: x, fromY: y, at });
    // A third finger presses nothing.
    if (this.#held) event.stopImmediatePropagation();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const touch = this.#touches.get(event.pointerId);
    if (!touch) return;
    touch.x = event.clientX;
    touch.y = event.clientY;
    if (!this.#held) this.#begin();
    if (!this.#held) return;
    event.stopImmediatePropagation();
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (this.#held) this.#show(this.#held);
    });
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const touch = this.#touches.get(event.pointerId);
    this.#touches.delete(event.pointerId);
    if (!touch || !this.#held?.pair.includes(touch)) return;
    const { anchor, moved, pan } = this.#held;
    this.#show(this.#held);
    this.#held = null;
    this.view.plane.held = false;
    if (moved && pan.y !== 0) this.view.plane.away = true;
    this.view.settle({ ...anchor, x: anchor.x + pan.x, y: anchor.y + pan.y });
    this.view.say(`Zoom ${Math.round(this.view.zoom * 100)} %.`);
  }

  #begin() {
    const pair = [...this.#touches.values()];
    const [one, two] = pair;
    if (!one || !two || pair.length !== 2 || Math.abs(one.at - two.at) > TOGETHER_MS) return;
    const moves = pair.map(({ x, y, fromX, fromY }) => Math.hypot(x - fromX, y - fromY));
    if (Math.min(...moves) < MOVED_PX || Math.max(...moves) < SLIP_PX) return;
    const { view } = this;
    const { plane } = view;
    this.gesture.drop();
    plane.held = true;
    const box = view.grid.getBoundingClientRect();
    const middle = middleOf(one, two);
    const pose = plane.follow.pose(performance.now());
    this.#held = {
      pair: [one, two],
      anchor: view.anchor(middle.x - box.left, middle.y - box.top - plane.height / 2),
      apart: apartOf(one, two),
      middle,
      zoom: view.zoom,
      row: plane.row * pose.tall,
      pan: { x: 0, y: 0 },
      moved: false,
    };
  }

  /** @param {Held} held */
  #show(held) {
    const { view } = this;
    const { plane } = view;
    const { pair, anchor, apart, middle, row, pan } = held;
    const zoom = Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, (held.zoom * apartOf(...pair)) / apart));
    const stretch = zoom / view.zoom;
    if (stretch > STRETCH_MAX || stretch < 1 / STRETCH_MAX) view.size(zoom);
    const here = middleOf(...pair);
    const shift = { x: here.x - middle.x, y: here.y - middle.y };
    if (Math.hypot(shift.x, shift.y) > PAN_SLIP_PX) held.moved = true;
    if (held.moved) Object.assign(pan, { x: less(shift.x), y: less(shift.y) });
    const moved = { ...anchor, x: anchor.x + pan.x, y: anchor.y + pan.y };
    plane.follow.jump(view.poseOf(moved, zoom / view.zoom, (row * zoom) / held.zoom / plane.row));
    view.screen.ask();
    view.show();
  }
}

/**
 * Sideways movement of a hand that goes up or down is none, and there is no step where it begins.
 * @param {number} px
 */
const less = (px) => Math.sign(px) * Math.max(0, Math.abs(px) - PAN_SLIP_PX / 2);

/** @param {Touch} one @param {Touch} two */
const apartOf = (one, two) => Math.max(40, Math.hypot(one.x - two.x, one.y - two.y));

/** @param {Touch} one @param {Touch} two */
const middleOf = (one, two) => ({ x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 });
