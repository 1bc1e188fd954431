import { countdownOf, payoutOf, stakeOf } from '../board/figures.js';
import { write } from '../board/repaint.js';
import { byId } from '../page/element.js';
import { knowsTheGame, rememberTheGame } from '../session/settings.js';

/** A cell that pays about that is pointed at, in hundredths: neither sure nor a long shot. */
const POINTED_AT = 220;
/** Time to read and tap before its column locks, and until how long before the lock it stays pointed at. */
const PLAYER = { readingMs: 5_000, lateMs: 1_000 };
/** Whoever has not signed in reads another sheet before the tap is played. */
const VISITOR = { readingMs: 14_000, lateMs: 8_000 };
const EDGE_PX = 6;
/** So near an edge of the board, as a share of its height from the middle, there is room on one side. */
const EDGE_SHARE = 0.3;

/**
 * Three steps for somebody who has never played: a cell that pulses with what it would pay; the first bet,
 * and when its window opens; the window itself. The first win or loss ends it for good.
 */
export class Coach {
  /** @type {Cell | null} */
  #cell = null;
  #said = '';

  /**
   * @typedef {import('../board/cells.js').Cell} Cell
   * @typedef {{ cell: Cell, title: string, text: string, pulses: boolean, said: string }} Step
   * @param {{ cells: import('../board/cells.js').Cells,
   *   plane: import('../board/plane.js').Plane, sale: import('../board/sale.js').Sale,
   *   stakes: import('./stakes.js').Stakes, price: () => number | null, say: (text: string) => void }} parts
   */
  constructor({ cells, plane, sale, stakes, price, say }) {
    this.cells = cells;
    this.plane = plane;
    this.sale = sale;
    this.stakes = stakes;
    this.price = price;
    this.say = say;
    this.bubble = byId('coach');
    const [title, text] = this.bubble.children;
    this.title = /** @type {Element} */ (title);
    this.text = /** @type {Element} */ (text);
    this.over = knowsTheGame();
    this.time = document.body.dataset.session ? PLAYER : VISITOR;
  }

  /** To be called now and then. @param {number} now */
  look(now) {
    if (this.over) return;
    if (document.querySelector('#result-list :is(.won, .lost)')) {
      this.over = true;
      rememberTheGame();
    }
    const step = this.over || !this.cells.revision ? null : this.#step(now);
    this.#point(step?.pulses ? step.cell : null);
    this.bubble.hidden = step === null;
    if (step === null) return;
    write(this.title, step.title);
    write(this.text, step.text);
    this.#place(step.cell, now);
    // Who listens hears each step once, without the seconds that run.
    if (step.said === this.#said) return;
    this.#said = step.said;
    this.say(step.said);
  }

  /** Its number moves, and what it would pay with it: to be called with each repaint. */
  refresh() {
    const value = this.#cell?.value_;
    if (value) write(this.text, this.#offer(value));
  }

  /** @param {number} value */
  #offer(value) {
    const stake = this.stakes.value;
    return `${stakeOf(stake)} → ${payoutOf(stake, value)}`;
  }

  /** @param {number} now @returns {Step | null} */
  #step(now) {
    const bet = this.#firstBet(now);
    const found = bet && this.cells.read(bet);
    if (bet && found) {
      const opensIn = found.column.start - now;
      return opensIn > 0
        ? {
            cell: bet,
            title: `Opens in ${countdownOf(opensIn)}`,
            text: 'Then the line must touch it',
            pulses: false,
            said: 'When the window of your bet opens, the price must touch its band for you to win.',
          }
        : { cell: bet, title: 'Now!', text: 'Touch it and win', pulses: false, said: 'Its window is open.' };
    }
    // A bet of which nothing is on the board is being waited for.
    if (this.sale.closed || document.querySelector('#open-list li, #plane .bet')) return null;
    const cell = this.#isGood(this.#cell, now) ? this.#cell : this.#find(now);
    const value = cell?.value_;
    if (!cell || !value) return null;
    return {
      cell,
      title: 'Tap',
      text: this.#offer(value),
      pulses: true,
      said: 'Tap a cell: if the price touches its band in its window, you get your stake times its number.',
    };
  }

  /** Of the open bets on the board the one whose window comes first. @param {number} now */
  #firstBet(now) {
    /** @param {Element} badge */
    const startOf = (badge) => Number(/** @type {HTMLElement} */ (badge.closest('.col')).dataset.start);
    const [first] = [...document.querySelectorAll('#plane .bet:is(.placed, .locked)')]
      .filter((badge) => startOf(badge) + this.cells.windowMs > now)
      .sort((a, b) => startOf(a) - startOf(b));
    return /** @type {Cell | null} */ (first?.parentElement ?? null);
  }

  /** Whether the cell that is pointed at may stay so. @param {Cell | null} cell @param {number} now */
  #isGood(cell, now) {
    const found = cell?.isConnected ? this.cells.read(cell) : null;
    return Boolean(
      found?.value &&
        found.column.start - now > this.cells.windowMs + this.time.lateMs &&
        this.#isInSight(found, now),
    );
  }

  /**
   * In the first column that leaves enough time, else in the last one in sight.
   * @param {number} now
   */
  #find(now) {
    const locked = now + this.cells.windowMs;
    const open = [...this.cells.columns.values()]
      .filter(({ start }) => start >= locked + PLAYER.readingMs)
      .sort((a, b) => a.start - b.start);
    const quiet = open.filter(({ start }) => start >= locked + this.time.readingMs);
    const columns = [...quiet, ...open.filter((column) => !quiet.includes(column)).reverse()];
    for (const column of columns) {
      const best = this.#bestOf(column.element);
      const found = best && this.cells.read(best);
      if (found && this.#isInSight(found, now)) return best;
    }
    return null;
  }

  /** @param {Element} column @returns {Cell | null} */
  #bestOf(column) {
    /** @param {Cell} cell */
    const away = (cell) => Math.abs((cell.value_ ?? 0) - POINTED_AT);
    const [best] = /** @type {Cell[]} */ ([...column.children])
      .filter((cell) => cell.value_)
      .sort((a, b) => away(a) - away(b));
    return best ?? null;
  }

  /** @param {import('../board/cells.js').Found} found @param {number} now */
  #isInSight({ column, low, high }, now) {
    const { plane } = this;
    const left = plane.nowX + plane.xOf(column.start) - plane.xOf(now);
    const [top, bottom] = [high, low].map((price) => plane.yOf(price) + plane.follow.goal);
    return (
      left + plane.columnWidth < plane.width - plane.axis &&
      (top ?? 0) > -plane.height / 2 &&
      (bottom ?? 0) < plane.height / 2
    );
  }

  /** @param {Cell | null} cell */
  #point(cell) {
    if (cell === this.#cell) return;
    if (this.#cell) delete this.#cell.dataset.coached;
    if (cell) cell.dataset.coached = '';
    this.#cell = cell;
  }

  /**
   * Beside its cell, on the side where the price is not, and never over an edge of the board.
   * @param {Cell} cell @param {number} now
   */
  #place(cell, now) {
    const found = this.cells.read(cell);
    if (!found) return;
    const { plane, bubble } = this;
    const { column, low, high } = found;
    const middle = plane.yOf((low + high) / 2);
    const share = (middle + plane.follow.goal) / plane.height;
    const price = this.price();
    const priceIsAbove = price === null || plane.yOf(price) < middle;
    const below = share < -EDGE_SHARE || (share < EDGE_SHARE && priceIsAbove);
    const centre = plane.xOf(column.start) + plane.columnWidth / 2;
    const inSight = plane.nowX + centre - plane.xOf(now);
    const half = bubble.offsetWidth / 2 + EDGE_PX;
    const moved = Math.max(half, Math.min(plane.width - plane.axis - half, inSight)) - inSight;
    bubble.classList.toggle('above', !below);
    bubble.style.setProperty('--tail', `${Math.round(-moved)}px`);
    const x = Math.round(centre + moved);
    const y = Math.round(plane.yOf(below ? low : high));
    const beside = below ? '9px' : 'calc(-100% - 9px)';
    bubble.style.transform = `translate(${x}px,${y}px) translate(-50%,${beside})`;
  }
}
