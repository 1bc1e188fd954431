import { setting } from '../session/settings.js';
import { Bounces } from './bounces.js';
import { Swipe } from './swipe.js';

/** A finger may slip by this much and still mean the cell that it came down on. */
const SLIP_PX = 14;

/**
 * Fingers, mice and pens on the board, each for itself: a second thumb taps while the first one rests. A tap
 * means the cell that was under the pointer when it came down, however the board moved since and however late
 * this thread hears of it. A drag gathers the cells that it crosses and taps them all at once, unless swipes
 * are switched off; leaving the board or Escape drops them.
 */
export class Gesture {
  /**
   * By pointer.
   * @type {Map<number, { x: number, y: number, swipe: Swipe, gathers: boolean, strayed: boolean }>}
   */
  #presses = new Map();
  #bounces = new Bounces(SLIP_PX);

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {{ grid: HTMLElement, cells: import('../board/cells.js').Cells,
   *   plane: import('../board/plane.js').Plane, place: (cells: Cell[]) => void,
   *   takes: (cell: Cell) => boolean, gathered: (cells: number) => void }} parts `takes`: whether a cell can
   *   be tapped; `gathered` is called with how many a drag would tap, 0 once it is over
   */
  constructor({ grid, cells, plane, place, takes, gathered }) {
    this.grid = grid;
    this.cells = cells;
    this.plane = plane;
    this.place = place;
    this.takes = takes;
    this.gathered = gathered;
    grid.addEventListener('pointerdown', (event) => this.#press(event));
    grid.addEventListener('pointermove', (event) => this.#move(event));
    grid.addEventListener('pointerup', (event) => this.#release(event));
    for (const kind of /** @type {const} */ (['pointercancel', 'lostpointercapture']))
      grid.addEventListener(kind, (event) => this.#lift(event.pointerId));
    // Else a browser follows a touch with the click of a mouse, which hits whatever has come up under the
    // finger meanwhile.
    grid.addEventListener('touchend', (event) => event.cancelable && event.preventDefault());
    // Safari zooms the page by two fingers whatever the style sheet says.
    grid.addEventListener('gesturestart', (event) => event.preventDefault());
    grid.addEventListener('contextmenu', (event) => {
      if (/** @type {PointerEvent} */ (event).pointerType === 'touch') event.preventDefault();
    });
    // Assistive technology presses a cell without a pointer.
    grid.addEventListener('click', ({ detail, target }) => {
      const cell = /** @type {Element} */ (target).closest('.cell');
      if (detail === 0 && cell) place([/** @type {Cell} */ (cell)]);
    });
  }

  /** Forgets what is pressed: nothing is placed when those fingers leave. */
  drop() {
    for (const id of [...this.#presses.keys()]) this.#lift(id);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const cell = this.#under(event);
    if (!cell || event.button !== 0 || this.#bounces.has(event)) return;
    this.#lift(event.pointerId);
    const { clientX: x, clientY: y } = event;
    this.#presses.set(event.pointerId, {
      x,
      y,
      swipe: new Swipe(cell, x, y),
      gathers: this.takes(cell),
      strayed: false,
    });
    this.plane.held = true;
    this.grid.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const press = this.#presses.get(event.pointerId);
    if (!press) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > SLIP_PX) press.strayed = true;
    if (!press.strayed || !press.gathers || !setting('swipe')) return;
    const { swipe } = press;
    swipe.moveTo(
      event.clientX,
      event.clientY,
      (x, y) => this.plane.cellAt(x, y, event.timeStamp),
      (cell) => swipe.cells.size < this.cells.tapsMax && this.takes(cell),
    );
    for (const cell of swipe.cells) cell.classList.add('armed');
    this.gathered(swipe.cells.size);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    this.#bounces.lifted(event);
    const press = this.#presses.get(event.pointerId);
    if (!press) return;
    const box = this.grid.getBoundingClientRect();
    const inside =
      event.clientX >= box.left &&
      event.clientX <= box.right &&
      event.clientY >= box.top &&
      event.clientY <= box.bottom;
    const { cells } = press.swipe;
    const [first] = cells;
    const meant = !press.strayed || this.#under(event) === first;
    this.#lift(event.pointerId);
    if (press.gathers && setting('swipe') ? inside : meant) this.place([...cells]);
  }

  /** @param {number} id */
  #lift(id) {
    const press = this.#presses.get(id);
    if (!press) return;
    for (const cell of press.swipe.cells) cell.classList.remove('armed');
    this.#presses.delete(id);
    this.plane.held = this.#presses.size > 0;
    if (press.strayed) this.gathered(0);
  }

  /** @param {PointerEvent} event */
  #under(event) {
    return this.plane.cellAt(event.clientX, event.clientY, event.timeStamp);
  }
}
