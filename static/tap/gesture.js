import { setting } from '../session/settings.js';

/** A finger may slip by this much and still mean the cell that it came down on. */
const SLIP_PX = 14;
const CELLS_MAX = 16;

/**
 * Fingers, mice and pens on the board, each for itself: a second thumb taps while the first one rests. A tap
 * means the cell that was under the pointer when
 * it came down, however the board moved since and however late this thread hears of it. With swipes switched
 * on, a drag gathers cells and lets go of them
 * all at once; leaving the board or Escape drops them.
 */
export class Gesture {
  /** By pointer. */
  #presses = new Map();

  constructor(grid, plane, place) {
    Object.assign(this, { grid, plane, place });
    grid.addEventListener('pointerdown', (event) => this.#press(event));
    grid.addEventListener('pointermove', (event) => this.#move(event));
    grid.addEventListener('pointerup', (event) => this.#release(event));
    for (const kind of ['pointercancel', 'lostpointercapture'])
      grid.addEventListener(kind, (event) => this.#lift(event.pointerId));
    // Else a browser follows a touch with the click of a mouse, which hits whatever has come up under the
    // finger meanwhile.
    grid.addEventListener('touchend', (event) => event.cancelable && event.preventDefault());
    grid.addEventListener('contextmenu', (event) => event.pointerType === 'touch' && event.preventDefault());
    // Assistive technology presses a cell without a pointer.
    grid.addEventListener(
      'click',
      (event) =>
        event.detail === 0 && event.target.closest('.cell') && place([event.target.closest('.cell')]),
    );
  }

  /** Forgets what is pressed: nothing is placed when those fingers leave. */
  drop() {
    for (const id of [...this.#presses.keys()]) this.#lift(id);
  }

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

  #lift(id) {
    for (const cell of this.#presses.get(id)?.cells ?? []) cell.classList.remove('armed');
    if (this.#presses.delete(id)) this.plane.held = this.#presses.size > 0;
  }

  #under(event) {
    return this.plane.cellAt(event.clientX, event.clientY, event.timeStamp);
  }
}
