import { all, watchAdded } from '../page/element.js';
import { countdownOf } from './figures.js';
import { write } from './repaint.js';

/** The labels above the columns: when each opens, and how long the soonest can still be tapped. */
export class Heads {
  /**
   * @param {HTMLElement} place
   * @param {{ origin: number, cells: import('./cells.js').Cells }} plane where the columns are
   */
  constructor(place, plane) {
    this.place = place;
    this.plane = plane;
    watchAdded(place, (head) => this.#take(head));
    for (const head of all('#heads > *')) this.#take(head);
  }

  /** @param {number} start of its column @param {number} until it opens, ms */
  label(start, until) {
    const head = headOf(start);
    if (!head) return;
    const { windowMs } = this.plane.cells;
    const text =
      until <= -windowMs ? '' : until <= 0 ? 'now' : until < windowMs ? 'locked' : countdownOf(until);
    write(head, text);
    this.#drain(head, until);
  }

  /** That of a column which the page makes itself. @param {number} start of its column */
  add(start) {
    if (headOf(start)) return;
    const head = document.createElement('span');
    head.id = `h${start}`;
    head.className = 'when';
    head.dataset.start = String(start);
    this.place.append(head);
  }

  /** @param {number} start of its column */
  drop(start) {
    headOf(start)?.remove();
  }

  /** Puts all of them at their places anew. */
  shift() {
    for (const head of all('#heads > *')) this.#put(head);
  }

  /** @param {HTMLElement} head */
  #take(head) {
    if (this.place.querySelectorAll(`#${head.id}`).length > 1) head.remove();
    else this.#put(head);
  }

  /** @param {HTMLElement} head */
  #put(head) {
    const { origin, cells } = this.plane;
    head.style.setProperty('--i', String((Number(head.dataset.start) - origin) / cells.windowMs));
  }

  /**
   * The soonest column that can be tapped shows how long it still can.
   * @param {HTMLElement} head @param {number} until
   */
  #drain(head, until) {
    const { windowMs } = this.plane.cells;
    const next = until >= windowMs && until < 2 * windowMs;
    if (head.classList.contains('next') === next) return;
    head.style.setProperty('--window', `${windowMs}ms`);
    head.style.setProperty('--since', `${Math.round(until - 2 * windowMs)}ms`);
    head.classList.toggle('next', next);
  }
}

/** @param {number} start */
const headOf = (start) => document.getElementById(`h${start}`);
