import { amountOf, bandEndOf, countdownOf } from '../board/figures.js';
import { attribute } from '../page/element.js';

/**
 * What can be read on a badge, in its order, as a name has to have it; which way its multiplier went is said
 * after it. @param {Element} badge
 */
function wordsOf(badge) {
  const seen = /** @type {Element} */ (badge.cloneNode(true));
  for (const unseen of seen.querySelectorAll('.unseen')) unseen.remove();
  const moved = badge.querySelector('.lower')
    ? ', gone down'
    : badge.querySelector('.higher')
      ? ', gone up'
      : '';
  return seen.textContent + moved;
}

/** @type {Readonly<Record<string, [across: number, up: number]>>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const PRESSES = ['Enter', ' '];

/**
 * The board by keyboard: one cell can be tabbed to, arrows move, Enter or Space presses it, 1 to 6 choose the
 * stake, R repeats, Escape leaves.
 */
export class Keyboard {
  /** The cell that had the focus last. @type {Cell | null} */
  current = null;

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @typedef {import('../board/cells.js').Column} Column
   * @param {{ grid: HTMLElement, cells: import('../board/cells.js').Cells,
   *   sale: import('../board/sale.js').Sale, stakes: import('./stakes.js').Stakes,
   *   gesture: import('./gesture.js').Gesture, repeat: () => import('./repeat.js').Repeat | null,
   *   place: (cells: Cell[]) => void, price: () => number | null,
   *   now: () => number }} parts
   */
  constructor({ grid, cells, sale, stakes, gesture, repeat, place, price, now }) {
    this.grid = grid;
    this.cells = cells;
    this.sale = sale;
    this.stakes = stakes;
    this.gesture = gesture;
    this.repeat = repeat;
    this.place = place;
    this.price = price;
    this.now = now;
    grid.addEventListener('focus', () => this.#enter());
    grid.addEventListener('focusin', ({ target }) => {
      if (target !== grid) this.#describe(/** @type {Cell} */ (target));
    });
    cells.onLeaving = (column) => this.#moveOn(column);
    grid.addEventListener('keydown', (event) => this.#step(event));
    document.addEventListener('keydown', (event) => this.#global(event));
  }

  #enter() {
    const last = this.current?.isConnected ? this.current : this.#nearest(this.#open()[0], this.price());
    last?.focus({ preventScroll: true });
  }

  /**
   * The focus stays on the board when time carries its cell away: at the same price, in the soonest column
   * that can be tapped.
   * @param {Column} column
   */
  #moveOn({ element }) {
    const { activeElement } = document;
    if (!element.contains(activeElement)) return;
    const found = this.cells.read(/** @type {Cell} */ (activeElement));
    const next = this.#nearest(this.#open()[0], found && (found.low + found.high) / 2);
    (next ?? this.grid).focus({ preventScroll: true });
  }

  /** @param {Cell} cell */
  #describe(cell) {
    const found = cell.classList.contains('cell') && this.cells.read(cell);
    if (!found) return;
    this.current = cell;
    this.grid.tabIndex = -1;
    cell.tabIndex = 0;
    const about = cell.getAttribute('aria-description');
    attribute(cell, 'aria-description', null);
    attribute(cell, 'aria-label', this.#label(cell, found));
    // A bet that appears or disappears is announced; a moving multiplier is not, or the announcements would
    // never end.
    const watch = new MutationObserver(() => {
      attribute(cell, 'aria-label', this.#label(cell, found));
    });
    watch.observe(cell, { childList: true });
    const leave = () => {
      watch.disconnect();
      cell.tabIndex = -1;
      attribute(cell, 'aria-label', null);
      attribute(cell, 'aria-description', about);
      this.grid.tabIndex = 0;
    };
    cell.addEventListener('blur', leave, { once: true });
  }

  /** @param {Cell} cell @param {import('../board/cells.js').Found} found */
  #label(cell, { column, low, high }) {
    const bet = cell.querySelector('.bet');
    const opens = column.start - this.now();
    const value = cell.value_ ?? 0;
    const state = bet
      ? `bet ${wordsOf(bet)}`
      : opens < this.cells.windowMs
        ? 'locked'
        : value && !this.sale.closed
          ? `${amountOf(value)} times`
          : 'takes no bets';
    return `${bandEndOf(low)} to ${bandEndOf(high)}, opens in ${countdownOf(opens)}, ${state}`;
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const cell = /** @type {Cell} */ (event.target);
    if (!cell.classList.contains('cell')) return;
    if (PRESSES.includes(event.key)) {
      event.preventDefault();
      if (!event.repeat) this.place([cell]);
      return;
    }
    const step = STEPS[event.key];
    const found = step && this.cells.read(cell);
    if (!found) return;
    event.preventDefault();
    const [across, up] = step;
    const ordered = [...this.cells.columns.values()].sort((a, b) => a.start - b.start);
    const column = ordered[ordered.indexOf(found.column) + across];
    const middle = (found.low + found.high) / 2 + up * found.column.band;
    this.#nearest(column, middle)?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #global(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.matches('input, textarea, select') || event.metaKey || event.ctrlKey || event.altKey) return;
    if (/^[1-6]$/.test(event.key)) this.stakes.chooseNumber(Number(event.key));
    if (event.key === 'r' && !event.repeat) this.repeat()?.press();
    if (event.key !== 'Escape') return;
    this.gesture.drop();
    this.repeat()?.drop();
    if (/^#(rail|today)$/.test(location.hash)) location.hash = '';
    else if (this.grid.contains(document.activeElement))
      /** @type {HTMLElement} */ (document.activeElement).blur();
  }

  #open() {
    return [...this.cells.columns.values()]
      .filter((column) => column.start - this.now() >= this.cells.windowMs)
      .sort((a, b) => a.start - b.start);
  }

  /** @param {Column | undefined} column @param {number | null} price */
  #nearest(column, price) {
    if (!column || price === null) return null;
    const row = Math.max(
      0,
      Math.min(column.element.children.length - 1, Math.floor((column.high - price) / column.band)),
    );
    return /** @type {HTMLElement | undefined} */ (column.element.children[row]);
  }
}
