import { changeBoard } from '../board/change-board.js';
import { wordsOf } from './closings.js';

/**
 * Frames of the socket into the board. Public frames are numbered: when one is missing a snapshot is asked
 * for and nothing is applied until it is there. New columns come as HTML; those that this page lacks are made
 * of the snapshot. A column is known by its window and the height of its bands: after a restart onto other
 * prices the same window may have others. A snapshot of another board takes the place of the one on the page.
 */
export class Feed {
  /** Of the last public frame; null while the state is not whole. @type {number | null} */
  #seq = null;
  #askedAt = -Infinity;
  /** Cells with bets, and windows, that the snapshot under way has named so far. @type {string[]} */
  #placed = [];
  /** @type {Set<number>} */
  #named = new Set();

  /**
   * @param {{ cells: import('../board/cells.js').Cells, plane: import('../board/plane.js').Plane,
   *   boards: import('../board/boards.js').Boards, clock: import('../board/clock.js').ServerClock,
   *   line: import('../board/line.js').PriceLine, link: import('./link.js').Link,
   *   desk: import('../tap/desk.js').TapDesk, screen: import('../board/repaint.js').Repaint,
   *   wanted: import('../board/wanted.js').Wanted, changed: () => void }} parts `changed` when another board
   *   has taken the place of the one before
   */
  constructor({ cells, plane, boards, clock, line, link, desk, screen, wanted, changed }) {
    this.cells = cells;
    this.plane = plane;
    this.boards = boards;
    this.changed = changed;
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
    // The house has been started anew without the board that was asked for.
    if (frame.type === 'error' && this.boards.changing) return location.reload();
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
      else if (index > 0) this.#ask();
    }
    if (revision !== null) this.cells.revision = revision;
  }

  /** @param {import('./frames.d.ts').SnapshotFrame} frame */
  #snapshot({ seq, revision, grid: [windowMs, rows], pause, tick, columns }) {
    // It may be as old as the last price, so it says nothing about the time.
    this.#price(tick[1], tick[2]);
    if (windowMs !== this.cells.windowMs || rows !== this.cells.rows) {
      // Boards of another shape were started meanwhile; the page cannot take them on.
      if (!this.boards.has(windowMs)) return location.reload();
      const shape = columns.map(([start, band]) => ({ start, band }));
      changeBoard(this.plane, windowMs, rows, shape, tick[2]);
      this.#named.clear();
      this.changed();
    }
    this.#seq = seq;
    this.cells.pause = pause;
    this.cells.revision = revision;
    for (const [start, band, low, values] of columns) {
      this.#named.add(start);
      this.cells.apply(
        this.plane.column(start, band, low),
        low,
        values.flatMap((value, row) => [row, value]),
      );
    }
  }

  /** @param {import('./frames.d.ts').SettledFrame} frame */
  #settled({ session, cells, more }) {
    this.#placed.push(...cells);
    if (more) return;
    if (session !== (document.body.dataset.session ?? null)) return this.link.end(wordsOf(SIGNED_OUT));
    for (const column of this.cells.columns.values())
      if (!this.#named.has(column.start)) this.cells.close(column);
    const hasBoard = this.#named.size > 0;
    this.#named.clear();
    const placed = new Set(this.#placed);
    this.#placed = [];
    this.boards.settled(hasBoard);
    this.link.settled();
    this.desk.resolve(placed);
  }

  #ask() {
    const now = performance.now();
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    this.link.send({ type: 'snapshot' });
  }
}

const SIGNED_OUT = 4401;
const ASK_EVERY_MS = 1000;
