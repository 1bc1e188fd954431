import { stakeOf } from '../board/figures.js';
import { attribute, byId } from '../page/element.js';
import { keepQuiet } from '../session/sheet.js';

const SHOWN_MS_MAX = 5_000;

/**
 * The last pattern once more: the first press marks its cells where they would be now and says what they
 * cost, the second one orders them. Any other press, Escape or waiting forgets them.
 */
export class Repeat {
  /** @type {Cell[]} */
  #shown = [];
  #until = 0;

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {{ pattern: import('./pattern.js').Pattern, stakes: import('./stakes.js').Stakes,
   *   takes: (cell: Cell) => boolean, place: (cells: Cell[]) => void, price: () => number | null,
   *   now: () => number, tell: (text: string, near: Element | null) => void,
   *   say: (text: string) => void }} parts `takes`: whether a cell can be tapped
   */
  constructor({ pattern, stakes, takes, place, price, now, tell, say }) {
    this.pattern = pattern;
    this.stakes = stakes;
    this.takes = takes;
    this.place = place;
    this.price = price;
    this.now = now;
    this.tell = tell;
    this.say = say;
    this.button = /** @type {HTMLButtonElement} */ (byId('repeat'));
    this.button.addEventListener('click', () => this.press());
    document.addEventListener(
      'pointerdown',
      ({ target }) => this.button.contains(/** @type {Node} */ (target)) || this.drop(),
      true,
    );
  }

  /**
   * What stands in the line above the stakes while cells are marked, or null.
   * @returns {[about: string, pays: string] | null}
   */
  get words() {
    const { length } = this.#shown;
    if (length === 0) return null;
    const total = stakeOf(this.stakes.value * length);
    return ['Again: press once more for', `${length === 1 ? '1 bet' : `${length} bets`}, ${total}`];
  }

  press() {
    if (this.button.disabled) return;
    const cells = this.#shown;
    if (cells.length > 0) {
      this.drop();
      return this.place(cells);
    }
    const price = this.price();
    const wanted = price === null ? [] : this.pattern.cellsAt(price, this.now());
    this.#show(wanted.filter((cell) => this.takes(cell)));
    if (this.#shown.length === 0)
      return this.tell(
        'None of the cells that you tapped last takes bets where it would be now.',
        this.button,
      );
    this.#until = this.now() + SHOWN_MS_MAX;
    keepQuiet(this.button);
    this.say((this.words ?? []).join(' '));
  }

  drop() {
    this.#show([]);
  }

  /** To be called now and then: cells that have closed leave the order before it is made. */
  refresh() {
    this.button.disabled = this.pattern.isEmpty;
    if (this.#shown.length === 0) return;
    this.#show(this.now() > this.#until ? [] : this.#shown.filter((cell) => this.takes(cell)));
  }

  /** @param {Cell[]} cells */
  #show(cells) {
    for (const cell of this.#shown) if (!cells.includes(cell)) cell.classList.remove('armed');
    for (const cell of cells) cell.classList.add('armed');
    const changed = cells.length !== this.#shown.length;
    this.#shown = cells;
    if (!changed) return;
    attribute(this.button, 'aria-pressed', String(cells.length > 0));
    document.dispatchEvent(new Event('tapgrid:stake'));
  }
}
