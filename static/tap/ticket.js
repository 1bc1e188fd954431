import { bandEndOf, countdownOf, multiplierOf, payoutOf, stakeOf } from '../board/figures.js';
import { write } from '../board/repaint.js';

/**
 * What a tap would pay: of the cell under the pointer, or the one that has the focus; how payouts work where
 * there is none.
 */
export class Ticket {
  #pointer = null;

  /** @param {{grid, cells, plane, sale, stakes, now: () => number}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    const [about, pays] = document.getElementById('ticket').children;
    Object.assign(this, { about, pays, idle: about.textContent });
    const { grid } = parts;
    for (const kind of ['pointerdown', 'pointermove'])
      grid.addEventListener(kind, (event) => this.#point(event));
    grid.addEventListener('pointerup', (event) => event.pointerType !== 'mouse' && this.#point(null));
    for (const kind of ['pointerleave', 'pointercancel'])
      grid.addEventListener(kind, () => this.#point(null));
    grid.addEventListener('focusin', () => this.refresh());
    document.addEventListener('tapgrid:stake', () => this.refresh());
    this.refresh();
  }

  /** The board moves on under a pointer that rests, and multipliers change. */
  refresh() {
    const cell = this.#pointer
      ? this.plane.cellAt(...this.#pointer, performance.now())
      : document.querySelector('#grid .cell:focus-visible');
    const found = cell ? this.cells.read(cell) : null;
    const stake = stakeOf(this.stakes.value);
    const { closed } = this.sale;
    const told = closed ? [closed.title, ''] : found && this.#told(found, cell, stake);
    const [about, pays] = told ?? [this.idle, `${stake} × its number`];
    write(this.about, about);
    write(this.pays, pays);
    const guard = document.getElementById('guard');
    if (guard)
      write(
        guard,
        told?.[1]
          ? `guard ${multiplierOf(guardOf(found.value, guardPercent()))}`
          : `guard ${guardPercent()} %`,
      );
  }

  #point(event) {
    this.#pointer = event && [event.clientX, event.clientY];
    this.refresh();
  }

  /** Two texts, or null where there is nothing to tell: what is over, and bets, which tell it themselves. */
  #told({ column, low, high, value }, cell, stake) {
    const locksIn = column.start - this.cells.windowMs - this.now();
    if (cell.querySelector('.bet:not(.void)') || column.start <= this.now()) return null;
    const band = `${bandEndOf(low)} – ${bandEndOf(high)}`;
    if (locksIn <= 0) return [`${band} is locked`, ''];
    return value
      ? [
          `Locks in ${countdownOf(locksIn)} ·`,
          `${stake} × ${multiplierOf(value)} pays ${payoutOf(this.stakes.value, value)}`,
        ]
      : [`${band} is not for sale`, ''];
  }
}

/** The trader's guard in percent; 0 in a house that fills at once. */
export const guardPercent = () => Number(document.getElementById('guard')?.dataset.percent ?? 0);

/** The lowest multiplier at which such a tap is still locked. */
const guardOf = (value, percent) => Math.ceil((value * percent) / 100);
