import { byId } from '../page/element.js';
import { timeoutAfter } from '../page/timeout.js';
import { wordsOf } from './closings.js';

/**
 * Frames of the socket into the board. Public frames are numbered: when one is missing a snapshot is asked
 * for and nothing is applied until it is there. Columns come as HTML; when this page lacks one, it fetches
 * the board's. A column is known by its window and the height of its bands: after a restart onto other prices
 * the same window may have others.
 */
export class Feed {
  /** Of the last public frame; null while the state is not whole. @type {number | null} */
  #seq = null;
  #askedAt = -Infinity;
  #fetching = false;
  /** Cells with bets, and windows, that the snapshot under way has named so far. @type {string[]} */
  #placed = [];
  /** @type {Set<number>} */
  #named = new Set();

  /**
   * @param {{ cells: import('../board/cells.js').Cells, clock: import('../board/clock.js').ServerClock,
   *   line: import('../board/line.js').PriceLine, link: import('./link.js').Link,
   *   desk: import('../tap/desk.js').TapDesk, screen: import('../board/repaint.js').Repaint,
   *   wanted: import('../board/wanted.js').Wanted }} parts
   */
  constructor({ cells, clock, line, link, desk, screen, wanted }) {
    this.cells = cells;
    this.clock = clock;
    this.line = line;
    this.link = link;
    this.desk = desk;
    this.screen = screen;
    this.wanted = wanted;
  }

  lost() {
    this.#seq = null;
  }

  /** @param {import('./frames.d.ts').Frame} frame */
  take(frame) {
    if (!('type' in frame)) return this.#numbered(frame);
    if (frame.type === 'snapshot') return this.#snapshot(frame);
    if (frame.type === 'answer') return this.desk.answer(frame);
    if (frame.type === 'error' && frame.nonce)
      return this.desk.answer({ nonce: frame.nonce, ...frame.error });
    if (frame.type === 'settled') return this.#settled(frame);
  }

  /** @param {import('./frames.d.ts').PublicFrame} frame */
  #numbered(frame) {
    if (frame[0] === 'h') return this.clock.hear(frame[1]);
    if (frame[0] === 'w') return this.wanted.take(frame[1]);
    const [, seq] = frame;
    // The server had no board yet when this line opened.
    if (this.#seq === null) return this.#ask();
    if (seq <= this.#seq) return;
    if (seq !== this.#seq + 1) return this.#ask();
    this.#seq = seq;
    if (frame[0] === 't') this.#tick(frame[2], frame[3]);
    else if (frame[0] === 'g') this.#grid(frame[2], frame[4], frame[5], frame[6]);
  }

  /** @param {number} at @param {number} price */
  #tick(at, price) {
    this.clock.hear(at);
    this.#price(at, price);
  }

  /** @param {number} at @param {number} price */
  #price(at, price) {
    this.line.push(at, price);
    this.screen.ask();
  }

  /**
   * @param {number | null} revision @param {string | null} pause @param {number} first
   * @param {readonly (readonly [index: number, low: number, ...changes: number[]])[]} columns
   */
  #grid(revision, pause, first, columns) {
    this.cells.pause = pause;
    for (const [index, low, ...changes] of columns) {
      const column = this.cells.columns.get(first + index * this.cells.windowMs);
      if (column) this.cells.apply(column, low || column.offered, changes);
      else if (index > 0) this.#fetchColumns();
    }
    if (revision !== null) this.cells.revision = revision;
  }

  /** @param {import('./frames.d.ts').SnapshotFrame} frame */
  #snapshot({ seq, revision, grid: [windowMs, rows], pause, tick, columns }) {
    // A board of another shape was started meanwhile; the page cannot take it on.
    if (windowMs !== this.cells.windowMs || rows !== this.cells.rows) return location.reload();
    this.#seq = seq;
    // It may be as old as the last price, so it says nothing about the time.
    this.#price(tick[1], tick[2]);
    this.cells.pause = pause;
    this.cells.revision = revision;
    let lacking = false;
    for (const [start, band, low, values] of columns) {
      this.#named.add(start);
      const column = this.cells.columns.get(start);
      if (column?.band === band)
        this.cells.apply(
          column,
          low,
          values.flatMap((value, row) => [row, value]),
        );
      else lacking = true;
    }
    if (lacking) this.#fetchColumns();
  }

  /** @param {import('./frames.d.ts').SettledFrame} frame */
  #settled({ session, cells, more }) {
    this.#placed.push(...cells);
    if (more) return;
    if (session !== (document.body.dataset.session ?? null)) return this.link.end(wordsOf(SIGNED_OUT));
    for (const column of this.cells.columns.values())
      if (!this.#named.has(column.start)) this.cells.close(column);
    this.#named.clear();
    const placed = new Set(this.#placed);
    this.#placed = [];
    this.link.settled();
    this.desk.resolve(placed);
  }

  #ask() {
    const now = performance.now();
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    this.link.send({ type: 'snapshot' });
  }

  /**
   * Takes the columns that are missing here from the board as the server draws it, then asks for their
   * values.
   */
  async #fetchColumns() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const answer = await fetch('/board', { cache: 'no-store', signal: timeoutAfter(FETCH_MS_MAX) });
      if (answer.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const head of fresh.querySelectorAll('.when'))
        if (!document.getElementById(head.id)) byId('heads').append(head);
      for (const column of fresh.querySelectorAll('.col'))
        if (!document.getElementById(column.id)) byId('plane').append(column);
      this.#askedAt = -Infinity;
      this.#ask();
    } catch {
      // The line is down, or the server away: the next change of a column that is lacking asks again.
    } finally {
      setTimeout(() => (this.#fetching = false), FETCH_EVERY_MS);
    }
  }
}

const SIGNED_OUT = 4401;
const ASK_EVERY_MS = 1000;
const FETCH_EVERY_MS = 1500;
const FETCH_MS_MAX = 5000;
