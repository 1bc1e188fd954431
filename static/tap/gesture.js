import { setting } from '../session/settings.js';

/** A finger may slip by this much and still mean the cell that it came down on. */
const SLIP_PX = 14;
const CELLS_MAX = 16;

/**
 * Fingers, mice and pens on the board. A tap means the cell that was under the pointer when it came down, however the board moved since and however
 * late this thread hears of it. With swipes switched on, a drag gathers cells and lets go of them all at once; leaving the board or Escape drops them.
 */
export class Gesture {
  #down = null;

  constructor(grid, plane, place) {
    Object.assign(this, { grid, plane, place });
    grid.addEventListener('pointerdown', (event) => this.#press(event));
    grid.addEventListener('pointermove', (event) => this.#move(event));
    grid.addEventListener('pointerup', (event) => this.#release(event));
    grid.addEventListener('pointercancel', () => this.drop());
    grid.addEventListener('contextmenu', (event) => event.pointerType === 'touch' && event.preventDefault());
    // Assistive technology presses a cell without a pointer.
    grid.addEventListener('click', (event) => event.detail === 0 && event.target.closest('.cell') && place([event.target.closest('.cell')]));
  }

  drop() {
    this.#down?.cells.forEach((cell) => cell.classList.remove('armed'));
    this.#down = null;
    this.plane.held = false;
  }

  #press(event) {
    const cell = this.#under(event);
    if (!cell || !event.isPrimary || event.button !== 0) return;
    this.drop();
    this.#down = { id: event.pointerId, x: event.clientX, y: event.clientY, cells: new Set([cell]), strayed: false };
    this.plane.held = true;
    this.grid.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const down = this.#down;
    if (!down || down.id !== event.pointerId) return;
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) > SLIP_PX) down.strayed = true;
    if (!down.strayed || !setting('swipe')) return;
    const under = this.#under(event);
    if (!under) return;
    if (down.cells.size < CELLS_MAX) down.cells.add(under);
    down.cells.forEach((cell) => cell.classList.add('armed'));
  }

  #release(event) {
    const down = this.#down;
    if (!down || down.id !== event.pointerId) return;
    const box = this.grid.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    const [first] = down.cells;
    const meant = !down.strayed || this.#under(event) === first;
    this.drop();
    if (setting('swipe') ? inside : meant) this.place([...down.cells]);
  }

  #under(event) {
    return this.plane.cellAt(event.clientX, event.clientY, event.timeStamp);
  }
}
