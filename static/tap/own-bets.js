import { stakeOf } from '../board/figures.js';
import { all } from '../page/element.js';
import { clearBadge, ownBadge, serverBadge, showBadge } from './badge.js';

const REFUND_SHOWN_MS = 5_000;
/** Of several bets on a cell the one that is furthest from settled says how all of them look. */
const FURTHEST = /** @type {const} */ (['unknown', 'pending', 'placed']);

/**
 * What the page knows of bets on cells and the server has not drawn: on a free cell a badge of their own,
 * beside the server's badge a mark with what they add to it.
 */
export class OwnBets {
  /** @type {Map<Cell, OwnBet[]>} */
  #bets = new Map();

  /**
   * @typedef {import('./orders.d.ts').OwnBet} OwnBet
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {import('../board/cells.js').Cells} cells
   */
  constructor(cells) {
    this.cells = cells;
  }

  /** @param {Cell} cell @param {OwnBet} bet */
  add(cell, bet) {
    this.#bets.set(cell, [...(this.#bets.get(cell) ?? []), bet]);
    this.#draw(cell);
  }

  /** @param {Cell} cell @param {OwnBet} bet @param {Partial<OwnBet>} change */
  change(cell, bet, change) {
    Object.assign(bet, change);
    if (this.#bets.get(cell)?.includes(bet)) this.#draw(cell);
  }

  /** @param {Cell} cell @param {OwnBet} bet */
  drop(cell, bet) {
    this.#keep(cell, (one) => one !== bet);
  }

  /** Bets of the trader on a cell, those under way included. @param {Cell} cell */
  countOn(cell) {
    if (this.#bets.has(cell)) this.#draw(cell);
    const badge = serverBadge(cell);
    const drawn = badge?.matches('.void') ? 0 : Number(badge?.dataset.bets ?? 0);
    return drawn + (this.#bets.get(cell)?.length ?? 0);
  }

  /** @param {Cell} cell */
  isOn(cell) {
    return this.#bets.has(cell);
  }

  /** The server has drawn all that was placed. */
  settle() {
    for (const cell of [...this.#bets.keys()]) this.#keep(cell, ({ state }) => state !== 'placed');
  }

  /**
   * To be called now and then. The server draws whole cells: what it has drawn is not shown twice, what it
   * knows nothing of is shown again. A stake that came back is shown for a moment; then the cell shows its
   * multiplier again, for it may be tapped again.
   * @param {number} now
   */
  refresh(now) {
    for (const element of all('.col:not(.locked):not(.current):not(.past) .bet.void')) {
      const badge = /** @type {HTMLElement & { shownAt_?: number }} */ (element);
      badge.shownAt_ ??= now;
      if (badge.parentElement && now - badge.shownAt_ > REFUND_SHOWN_MS)
        clearBadge(badge.parentElement, this.cells);
    }
    for (const cell of [...this.#bets.keys()]) {
      if (!cell.isConnected) this.#bets.delete(cell);
      else this.#draw(cell);
    }
  }

  /** @param {Cell} cell @param {(bet: OwnBet) => boolean} stays */
  #keep(cell, stays) {
    const left = (this.#bets.get(cell) ?? []).filter(stays);
    this.#bets.set(cell, left);
    this.#draw(cell);
  }

  /** @param {Cell} cell */
  #draw(cell) {
    const badge = serverBadge(cell);
    const drawn = badge?.dataset.bet?.split(' ') ?? [];
    const bets = (this.#bets.get(cell) ?? []).filter(({ betId }) => !betId || !drawn.includes(betId));
    if (bets.length === 0) this.#bets.delete(cell);
    else this.#bets.set(cell, bets);
    const state = FURTHEST.find((one) => bets.some((bet) => bet.state === one));
    const stake = bets.reduce((sum, bet) => sum + bet.stake, 0);
    if (badge && !badge.matches('.void')) return mark(cell, state, stake);
    if (state === undefined) return ownBadge(cell) && clearBadge(cell, this.cells);
    const pays = bets.reduce((sum, bet) => sum + bet.stake * bet.multiplier, 0);
    showBadge(cell, state, stake, Math.floor(pays / stake), bets.length);
  }
}

/**
 * What is added to the bets on a cell.
 * @param {Cell} cell @param {OwnBet['state'] | undefined} state @param {number} stake
 */
function mark(cell, state, stake) {
  const known = cell.querySelector('.added');
  if (state === undefined) return known?.remove();
  const shown = known ?? cell.appendChild(document.createElement('span'));
  const text = `+${stakeOf(stake)}`;
  if (shown.textContent !== text) shown.textContent = text;
  shown.className = `added ${state}`;
}
