import { byId } from '../page/element.js';
import { isElsewhere } from '../session/address.js';
import { write } from './repaint.js';

/** Prices come ten times a second: after so long without one, what stands on the board is old. */
const STALE_MS = 2000;

/** Another board was chosen and is not there yet. */
const CHANGING = 'changing';

/** @type {[title: string, more: string]} */
const OFFLINE = ['You are offline', 'Your bets are safe.'];

const THIN = 'Too few trades just now.';
/** @type {Readonly<Record<string, string>>} */
const PAUSES = {
  shock: 'The price jumped. Wait a moment.',
  frozen: 'The price is not moving.',
  venues_apart: 'The exchanges disagree on the price.',
  thin: THIN,
};

/**
 * Whether the board takes bets, and if not, why not: no connection, no prices, another address, halted,
 * paused. All of them share one look, decided in one place, and the same words answer a tap made anyway.
 */
export class Sale {
  /** @type {string | null} */
  #kind = null;

  /**
   * @param {{ grid: HTMLElement, link: import('../live/link.js').Link, line: import('./line.js').PriceLine,
   *   cells: import('./cells.js').Cells, boards: () => import('./boards.js').Boards,
   *   now: () => number, say: (text: string) => void }} parts
   */
  constructor({ grid, link, line, cells, boards, now, say }) {
    this.grid = grid;
    this.link = link;
    this.line = line;
    this.cells = cells;
    this.boards = boards;
    this.now = now;
    this.say = say;
    this.plate = byId('closed');
    document.addEventListener('visibilitychange', () => this.look());
  }

  /**
   * Why nothing can be tapped at this moment, or null: `kind` for those who count, `title` and `more` for
   * those who read.
   * @returns {{ kind: string, title: string, more: string } | null}
   */
  get closed() {
    const { link } = this;
    const quiet = this.now() - this.line.at;
    if (link.ended) return { kind: 'ended', title: link.ended[0], more: link.ended[1] };
    if (link.state === 'lost') {
      const [title, more] = navigator.onLine ? link.words : OFFLINE;
      return quiet < STALE_MS
        ? { kind: 'link', title, more }
        : { kind: 'link', title: sinceLast(quiet), more: `${title}. ${more}` };
    }
    if (quiet >= STALE_MS) {
      const other = document.querySelector('#health .banner:not([data-cause=price_stale])');
      return {
        kind: 'prices',
        title: sinceLast(quiet),
        more: other ? causeOf(other) : 'Open bets are paid or refunded.',
      };
    }
    if (this.boards().changing)
      return { kind: CHANGING, title: 'The board is being changed', more: 'One moment.' };
    if (isElsewhere())
      return { kind: 'elsewhere', title: 'Prices only', more: `Play at ${document.body.dataset.origin}.` };
    const halt = document.querySelector('#health .halt');
    if (halt) return { kind: 'halted', title: titleOf(halt), more: causeOf(halt) };
    if (document.querySelector('#restriction .blocked'))
      return { kind: 'blocked', title: 'Your account is blocked', more: 'Open bets continue and are paid.' };
    const own = document.querySelector('.own-pause');
    if (own) return { kind: 'own pause', title: 'You took a break', more: `${own.textContent}.` };
    const { pause } = this.cells;
    return pause ? { kind: 'paused', title: 'No bets right now', more: PAUSES[pause] ?? THIN } : null;
  }

  /** The answer to a tap, or null while the board takes bets. */
  get refusal() {
    const { closed } = this;
    if (!closed) return null;
    return closed.kind === 'link'
      ? 'Reconnecting: nothing was sent.'
      : `${closed.title}. ${closed.more} Nothing was sent.`;
  }

  /** Shows it. */
  look() {
    const { grid, plate, link } = this;
    const { closed } = this;
    const kind = closed?.kind ?? null;
    if (link.state !== 'new') document.body.dataset.link = link.state;
    if (closed) {
      const [title, more, again] = /** @type {HTMLElement[]} */ ([...plate.children]);
      if (title) write(title, closed.title);
      if (more) write(more, closed.more);
      if (again) again.hidden = kind !== 'ended';
    }
    if (kind === this.#kind) return;
    const before = this.#kind;
    this.#kind = kind;
    plate.hidden = !closed || kind === CHANGING;
    grid.classList.toggle('closed', closed !== null);
    grid.classList.toggle('stale', kind === 'link' || kind === 'prices' || kind === 'ended');
    // Over in a moment, and whoever chose knows.
    if (kind === CHANGING || (!closed && before === CHANGING)) return;
    // The seconds are for the eye alone; who listens hears what changed.
    this.say(closed ? `${closed.title}. ${closed.more}` : 'Prices are back. You can tap again.');
  }
}

/** @param {number} ms */
const sinceLast = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return Number.isFinite(seconds)
    ? `No prices for ${seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`}`
    : 'No prices';
};

/** @param {Element} halt */
const titleOf = (halt) =>
  halt.getAttribute('data-cause') === 'maintenance' ? 'Taps are paused for maintenance' : 'Taps are paused';

/** What the server says is the matter, as a sentence. @param {Element} banner */
function causeOf(banner) {
  const text = [...banner.querySelectorAll('span')].map((part) => part.textContent).join('');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
