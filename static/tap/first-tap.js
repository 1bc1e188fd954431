import { amountOf, bandEndOf, countdownOf, multiplierOf, stakeOf } from '../board/figures.js';
import { write } from '../board/repaint.js';

const KEY = 'tapgrid-first-tap';
const POINTED_MS = 4_000;
/** How long it waits for a complete board that takes bets: a tap much later would be unwanted. */
const WAIT_MS_MAX = 10_000;

/**
 * Cells tapped before there was an account. They are kept while the sign-in sheet is open and over the page
 * load after it, and are played once: with play money exactly those cells are tapped; cells that have closed
 * or fallen below the guard meanwhile are announced and pointed at. Real money is staked only by a tap of its
 * owner.
 */
export class FirstTap {
  /** @type {Kept | null} */
  #kept = take();
  /** What is kept while the sheet is open. @type {Kept | null} */
  #asked = null;
  #why = '';
  #until;

  /**
   * A cell's id, and the multiplier that it showed.
   * @typedef {{ id: string, shown: number }} TappedCell
   * @typedef {{ stake: number, cells: TappedCell[] }} Kept
   * @typedef {import('../board/cells.js').Cell} Cell
   * @param {{ cells: import('../board/cells.js').Cells, stakes: import('./stakes.js').Stakes,
   *   sale: import('../board/sale.js').Sale, link: import('../live/link.js').Link,
   *   tell: (text: string, near: Element | null) => void, now: () => number, place: (cells: Cell[]) => void,
   * currency: string | undefined, guardPercent: () => number }} parts `currency` of the account of this page
   */
  constructor({ cells, stakes, sale, link, tell, now, place, currency, guardPercent }) {
    this.cells = cells;
    this.stakes = stakes;
    this.sale = sale;
    this.link = link;
    this.tell = tell;
    this.now = now;
    this.place = place;
    this.currency = currency;
    this.guardPercent = guardPercent;
    this.#until = now() + WAIT_MS_MAX;
  }

  /**
   * Keeps taps for the account that is about to be made.
   * @param {{shown: number, tap: {cell: string, stake: number}}[]} taps
   * @param {string} [why] a sentence before it
   * @returns {string} what will become of them
   */
  remember(taps, why = '') {
    this.#why = why;
    const asked = {
      stake: taps[0]?.tap.stake ?? 0,
      cells: taps.map(({ tap: { cell }, shown }) => ({ id: cell, shown })),
    };
    this.#asked = asked;
    keep(asked);
    return this.#waiting(asked);
  }

  forget() {
    this.#asked = null;
    take();
  }

  /**
   * To be called now and then: keeps the sentence in the sheet true while its columns close and their numbers
   * move.
   */
  tellWaiting() {
    const line = this.#asked && document.querySelector('#signin[open] [data-waiting]');
    if (line && this.#asked) write(line, this.#waiting(this.#asked));
  }

  /** @param {Kept} asked */
  #waiting({ stake, cells }) {
    const open = cells
      .map(({ id }) => {
        const [start = 0, windowMs = 0] = id.split('.').map(Number);
        return { id, left: start - this.now() - windowMs };
      })
      .filter(({ left }) => left > 0);
    const one = cells.length === 1;
    if (open.length === 0) {
      const what = one
        ? `You tapped ${bandOf(cells[0]?.id ?? '')}. That column has`
        : 'The columns you tapped have';
      return `${this.#why}${what} closed; we will show you the nearest open cell.`;
    }
    const { id, left } = open.reduce((soonest, next) => (next.left < soonest.left ? next : soonest));
    const value = this.cells.find(id)?.value_;
    const where = one
      ? bandOf(id) + (value ? ` at ${multiplierOf(value)}×` : '')
      : open.length === cells.length
        ? `each of ${cells.length} cells`
        : `${open.length} of ${cells.length} cells`;
    return (
      `${this.#why}Your tap is placed as soon as you start: ${stakeOf(stake)} of play money on ${where}. ` +
      `${one ? 'Time' : 'Time for the first'} left: ${countdownOf(left)}.`
    );
  }

  /** Call it from time to time: plays as soon as the board is complete and takes bets. */
  play() {
    const kept = this.#kept;
    const ready = this.link.state === 'open' && !this.sale.closed;
    if (!kept || (!ready && this.now() < this.#until)) return;
    this.#kept = null;
    if (!this.currency) return;
    this.stakes.choose(kept.stake);
    const met = kept.cells.map((tapped) => this.#met(tapped));
    const open = met.flatMap(({ why, element }) => (why || !element ? [] : [element]));
    if (open.length && this.currency === 'PLAY') this.place(open);
    const [missed] = this.currency === 'PLAY' ? met.filter(({ why }) => why) : met;
    if (!missed) return;
    this.#point(
      missed.element,
      missed.why ?? `This is the cell you tapped. Tap it again to stake ${stakeOf(kept.stake)}.`,
    );
  }

  /**
   * What has become of a cell: the element to tap or to point at, and why it is not to be tapped, if so.
   * @param {TappedCell} tapped @returns {{ element: Cell | null, why?: string }}
   */
  #met({ id, shown }) {
    const [start = 0, , low = 0, high = 0] = id.split('.').map(Number);
    const from = this.now() + this.cells.windowMs;
    const nearest = this.cells.nearest(from, start, (low + high) / 2);
    const elsewhere = nearest ? ' The nearest one is marked.' : '';
    if (start < from)
      return {
        element: nearest,
        why: `${bandOf(id)} closed while you signed in; nothing was staked.${elsewhere}`,
      };
    const element = this.cells.find(id);
    const value = element?.value_;
    if (!value)
      return {
        element: nearest,
        why: `${bandOf(id)} no longer takes bets; nothing was staked.${elsewhere}`,
      };
    if (value * 100 >= shown * this.guardPercent()) return { element };
    return {
      element,
      why:
        `Its number fell from ${amountOf(shown)} to ${amountOf(value)} while you signed in; ` +
        'nothing was staked.',
    };
  }

  /** @param {Cell | null} cell @param {string} why */
  #point(cell, why) {
    this.tell(why, cell);
    if (!cell) return;
    cell.dataset.pointed = '';
    setTimeout(() => {
      delete cell.dataset.pointed;
    }, POINTED_MS);
  }
}

/** `76,040 – 76,050` of a cell's id. @param {string} id */
function bandOf(id) {
  const [, , low = 0, high = 0] = id.split('.').map(Number);
  return `${bandEndOf(low)} – ${bandEndOf(high)}`;
}

/** @param {Kept} taps */
function keep(taps) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(taps));
  } catch {
    // Without storage there is no session key either: the sheet says so.
  }
}

/** What was kept, which is then kept no longer. @returns {Kept | null} */
function take() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    sessionStorage.removeItem(KEY);
    return kept;
  } catch {
    return null;
  }
}
