import { amountOf, bandEndOf, countdownOf } from '../board/figures.js';

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const PRESSES = ['Enter', ' '];

/**
 * The board by keyboard: one cell can be tabbed to, arrows move, Enter or Space presses it, 1 to 6 choose the
 * stake, Escape leaves.
 */
export class Keyboard {
  /**
   * @param {{grid, cells, sale, stakes, gesture, place: (elements) => void, price: () => number | null, now:
   * () => number}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    const { grid } = parts;
    grid.addEventListener('focus', () => this.#enter());
    grid.addEventListener('focusin', (event) => event.target !== grid && this.#describe(event.target));
    grid.addEventListener('keydown', (event) => this.#step(event));
    document.addEventListener('keydown', (event) => this.#global(event));
  }

  #enter() {
    const last = this.current?.isConnected ? this.current : this.#nearest(this.#open()[0], this.price());
    last?.focus({ preventScroll: true });
  }

  #describe(cell) {
    const found = cell.classList.contains('cell') && this.cells.read(cell);
    if (!found) return;
    this.current = cell;
    this.grid.tabIndex = -1;
    cell.tabIndex = 0;
    const about = cell.ariaDescription;
    cell.ariaDescription = null;
    cell.ariaLabel = this.#label(cell, found);
    // A bet that comes or goes is told; a multiplier that moves is not, or there would be no end of telling.
    const watch = new MutationObserver(() => (cell.ariaLabel = this.#label(cell, found)));
    watch.observe(cell, { childList: true });
    const leave = () => {
      watch.disconnect();
      Object.assign(cell, { tabIndex: -1, ariaLabel: null, ariaDescription: about });
      this.grid.tabIndex = 0;
    };
    cell.addEventListener('blur', leave, { once: true });
  }

  #label(cell, { column, low, high }) {
    const bet = cell.querySelector('.bet');
    const opens = column.start - this.now();
    const value = cell.value_ ?? 0;
    const state = bet
      ? `bet ${bet.textContent}`
      : opens < this.cells.windowMs
        ? 'locked'
        : value && !this.sale.closed
          ? `${amountOf(value)} times`
          : 'not for sale';
    return `${bandEndOf(low)} to ${bandEndOf(high)}, opens in ${countdownOf(opens)}, ${state}`;
  }

  #step(event) {
    if (PRESSES.includes(event.key) && event.target.classList.contains('cell')) {
      event.preventDefault();
      if (!event.repeat) this.place([event.target]);
      return;
    }
    const step = STEPS[event.key];
    const found = step && event.target.classList.contains('cell') && this.cells.read(event.target);
    if (!found) return;
    event.preventDefault();
    const [across, up] = step;
    const ordered = [...this.cells.columns.values()].sort((a, b) => a.start - b.start);
    const column = ordered[ordered.indexOf(found.column) + across];
    const middle = (found.low + found.high) / 2 + up * found.column.band;
    this.#nearest(column, middle)?.focus({ preventScroll: true });
  }

  #global(event) {
    if (event.target.matches('input, textarea, select') || event.metaKey || event.ctrlKey || event.altKey)
      return;
    if (/^[1-6]$/.test(event.key)) this.stakes.chooseNumber(Number(event.key));
    if (event.key !== 'Escape') return;
    this.gesture.drop();
    if (location.hash === '#rail') location.hash = '';
    else if (this.grid.contains(document.activeElement)) document.activeElement.blur();
  }

  #open() {
    return [...this.cells.columns.values()]
      .filter((column) => column.start - this.now() >= this.cells.windowMs)
      .sort((a, b) => a.start - b.start);
  }

  #nearest(column, price) {
    if (!column || price === null) return null;
    const row = Math.max(
      0,
      Math.min(column.element.children.length - 1, Math.floor((column.high - price) / column.band)),
    );
    return column.element.children[row];
  }
}
