import { bandEndOf, countdownOf, multiplierOf, payoutOf, stakeOf } from '../board/figures.js';
import { write } from '../board/repaint.js';
import { byId } from '../page/element.js';

/**
 * What a tap would pay: of the cell under the pointer, or the one that has the focus; how payouts work where
 * there is none.
 */
export class Ticket {
  /** @type {[x: number, y: number] | null} */
  #pointer = null;
  #gathered = 0;

  /**
   * @param {{ grid: HTMLElement, cells: import('../board/cells.js').Cells,
   *   plane: import('../board/plane.js').Plane, sale: import('../board/sale.js').Sale,
   *   stakes: import('./stakes.js').Stakes, repeat: () => import('./repeat.js').Repeat | null,
   *   now: () => number, takes: (cell: import('../board/cells.js').Cell) => boolean }} parts `takes`:
   *   whether a cell can be tapped
   */
  constructor({ grid, cells, plane, sale, stakes, repeat, now, takes }) {
    this.cells = cells;
    this.plane = plane;
    this.sale = sale;
    this.stakes = stakes;
    this.now = now;
    this.repeat = repeat;
    this.takes = takes;
    const [about, pays] = byId('ticket').children;
    this.about = /** @type {Element} */ (about);
    this.pays = /** @type {Element} */ (pays);
    this.idle = this.about.textContent;
    for (const kind of /** @type {const} */ (['pointerdown', 'pointermove']))
      grid.addEventListener(kind, (event) => this.#point(event));
    grid.addEventListener('pointerup', (event) => event.pointerType !== 'mouse' && this.#point(null));
    for (const kind of /** @type {const} */ (['pointerleave', 'pointercancel']))
      grid.addEventListener(kind, () => this.#point(null));
    grid.addEventListener('focusin', () => this.refresh());
    document.addEventListener('tapgrid:stake', () => this.refresh());
    this.refresh();
  }

  /** A drag has gathered so many cells. @param {number} cells */
  gather(cells) {
    this.#gathered = cells;
    this.refresh();
  }

  /** The board moves on under a pointer that rests, and multipliers change. */
  refresh() {
    const cell = this.#pointer
      ? this.plane.cellAt(...this.#pointer, performance.now())
      : /** @type {import('../board/cells.js').Cell | null} */ (
          document.querySelector('#grid .cell:focus-visible')
        );
    const found = cell && this.cells.read(cell);
    const stake = stakeOf(this.stakes.value);
    const { closed } = this.sale;
    const words = closed
      ? [closed.title, '']
      : (this.repeat()?.words ?? this.#drag() ?? (cell && found && this.#describe(found, cell, stake)));
    const [about = '', pays = ''] = words ?? [this.idle, `${stake} × its number`];
    write(this.about, about);
    write(this.pays, pays);
    const guard = document.getElementById('guard');
    if (guard)
      write(
        guard,
        found?.value && words?.[1]?.includes('×')
          ? `guard ${multiplierOf(guardOf(found.value, guardPercent()))}`
          : `guard ${guardPercent()} %`,
      );
  }

  /** @param {PointerEvent | null} event */
  #point(event) {
    this.#pointer = event && [event.clientX, event.clientY];
    this.refresh();
  }

  /** @returns {[about: string, pays: string] | null} */
  #drag() {
    const cells = this.#gathered;
    return cells > 1 ? ['Lift to tap', `${cells} cells, ${stakeOf(cells * this.stakes.value)}`] : null;
  }

  /**
   * Two texts, or null where there is nothing to tell: what is over, and bets, which tell it themselves.
   * @param {import('../board/cells.js').Found} found @param {import('../board/cells.js').Cell} cell
   * @param {string} stake
   * @returns {[about: string, pays: string] | null}
   */
  #describe({ column, low, high, value }, cell, stake) {
    const locksIn = column.start - this.cells.windowMs - this.now();
    // A cell with bets may take more.
    if (column.start <= this.now() || (cell.querySelector('.bet') && !this.takes(cell))) return null;
    const band = `${bandEndOf(low)} – ${bandEndOf(high)}`;
    if (locksIn <= 0) return [`${band} is locked`, ''];
    return value
      ? [
          `Locks in ${countdownOf(locksIn)} ·`,
          `${stake} × ${multiplierOf(value)} pays ${payoutOf(this.stakes.value, value)}`,
        ]
      : [`${band} takes no bets`, ''];
  }
}

/** The trader's guard in percent; 0 in a house that fills at once. */
export const guardPercent = () => Number(document.getElementById('guard')?.dataset.percent ?? 0);

/**
 * The lowest multiplier at which such a tap is still locked.
 * @param {number} value @param {number} percent
 */
const guardOf = (value, percent) => Math.ceil((value * percent) / 100);
