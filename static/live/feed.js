/**
 * Frames of the socket into the board. Public frames are numbered: when one is missing a snapshot is asked for and nothing is applied until it is
 * there. Columns come as HTML; when this page lacks one, it fetches the board's.
 */
export class Feed {
  #seq = null;
  #askedAt = -Infinity;
  #fetching = false;
  #placed = [];

  constructor(parts) {
    Object.assign(this, parts);
  }

  lost() {
    this.#seq = null;
  }

  take(frame) {
    if (Array.isArray(frame)) return this.#numbered(frame);
    if (frame.type === 'snapshot') return this.#snapshot(frame);
    if (frame.type === 'answer') return this.desk.answer(frame);
    if (frame.type === 'error' && frame.nonce) return this.desk.answer({ nonce: frame.nonce, ...frame.error });
    if (frame.type === 'settled') return this.#settled(frame);
  }

  #numbered(frame) {
    const [kind, seq] = frame;
    if (this.#seq === null) return;
    if (seq <= this.#seq) return;
    if (seq !== this.#seq + 1) return this.#ask();
    this.#seq = seq;
    if (kind === 't') this.#tick(frame[2], frame[3]);
    else if (kind === 'g') this.#grid(frame[2], frame[4], frame[5], frame[6]);
  }

  #tick(at, price) {
    this.clock.hear(at);
    this.line.push(at, price);
    this.screen.ask();
  }

  #grid(revision, pause, first, columns) {
    this.#paused(pause);
    for (const [index, low, ...changes] of columns) {
      const column = this.cells.columns.get(first + index * this.cells.windowMs);
      if (column) this.cells.apply(column, low || column.offered, changes);
      else if (index > 0) this.#fetchColumns();
    }
    if (revision !== null) this.cells.revision = revision;
  }

  #snapshot({ seq, revision, at, pause, tick, columns }) {
    this.#seq = seq;
    if (tick) this.#tick(tick[1], tick[2]);
    this.#paused(pause);
    this.cells.revision = revision;
    let lacking = false;
    for (const [start, band, low, values] of columns) {
      const column = this.cells.columns.get(start);
      if (column && column.band === band) this.cells.apply(column, low, values.flatMap((value, row) => [row, value]));
      else lacking = true;
    }
    if (lacking) this.#fetchColumns();
  }

  #settled({ cells, more }) {
    this.#placed.push(...cells);
    if (more) return;
    const placed = new Set(this.#placed);
    this.#placed = [];
    this.link.settled();
    this.desk.resolve(placed);
  }

  #paused(pause) {
    if (pause === this.cells.pause) return;
    this.cells.pause = pause;
    this.grid.classList.toggle('paused', pause !== null);
  }

  #ask() {
    const now = performance.now();
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    this.link.send({ type: 'snapshot' });
  }

  /** Takes the columns that are missing here from the board as the server draws it, then asks for their values. */
  async #fetchColumns() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const answer = await fetch('/board', { cache: 'no-store' });
      if (answer.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const head of fresh.querySelectorAll('.when')) if (!document.getElementById(head.id)) document.getElementById('heads').append(head);
      for (const column of fresh.querySelectorAll('.col')) if (!document.getElementById(column.id)) document.getElementById('plane').append(column);
      this.#askedAt = -Infinity;
      this.#ask();
    } finally {
      setTimeout(() => (this.#fetching = false), FETCH_EVERY_MS);
    }
  }
}

const ASK_EVERY_MS = 1000;
const FETCH_EVERY_MS = 1500;
