import { setting } from '../session/settings.js';

/** A finger may slip by this much and still mean the cell that it came down on. */
const SLIP_PX = 14;
const CELLS_MAX = 16;

/**
 * Fingers, mice and pens on the board, each for itself: a second thumb taps while the first one rests. A tap
 * means the cell that was under the pointer when it came down, however the board moved since and however late
 * this thread hears of it. With swipes switched on, a drag gathers cells and taps them all at once;
 * leaving the board or Escape drops them.
 */
export class Gesture {
  /** By pointer. @type {Map<number, { x: number, y: number, cells: Set<Cell>, strayed: boolean }>} */
  #presses = new Map();

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {HTMLElement} grid @param {import('../board/plane.js').Plane} plane
   * @param {(cells: Cell[]) => void} place
   */
  constructor(grid, plane, place) {
    this.grid = grid;
    this.plane = plane;
    this.place = place;
    grid.addEventListener('pointerdown', (event) => this.#press(event));
    grid.addEventListener('pointermove', (event) => this.#move(event));
    grid.addEventListener('pointerup', (event) => this.#release(event));
    for (const kind of /** @type {const} */ (['pointercancel', 'lostpointercapture']))
      grid.addEventListener(kind, (event) => this.#lift(event.pointerId));
    // Else a browser follows a touch with the click of a mouse, which hits whatever has come up under the
    // finger meanwhile.
    grid.addEventListener('touchend', (event) => event.cancelable && event.preventDefault());
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
    if (!cell || event.button !== 0) return;
    this.#lift(event.pointerId);
    this.#presses.set(event.pointerId, {
      x: event.clientX,
      y: event.clientY,
      cells: new Set([cell]),
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
    if (!press.strayed || !setting('swipe')) return;
    const under = this.#under(event);
    if (!under) return;
    if (press.cells.size < CELLS_MAX) press.cells.add(under);
    for (const cell of press.cells) cell.classList.add('armed');
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const press = this.#presses.get(event.pointerId);
    if (!press) return;
    const box = this.grid.getBoundingClientRect();
    const inside =
      event.clientX >= box.left &&
      event.clientX <= box.right &&
      event.clientY >= box.top &&
      event.clientY <= box.bottom;
    const [first] = press.cells;
    const meant = !press.strayed || this.#under(event) === first;
    this.#lift(event.pointerId);
    if (setting('swipe') ? inside : meant) this.place([...press.cells]);
  }

  /** @param {number} id */
  #lift(id) {
    for (const cell of this.#presses.get(id)?.cells ?? []) cell.classList.remove('armed');
    if (this.#presses.delete(id)) this.plane.held = this.#presses.size > 0;
  }

  /** @param {PointerEvent} event */
  #under(event) {
    return this.plane.cellAt(event.clientX, event.clientY, event.timeStamp);
  }
}
