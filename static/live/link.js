import { timeoutAfter } from '../page/timeout.js';
import { isFinal, wordsOf, wordsOfRefusal } from './closings.js';

/**
 * A line that is silent for so long is dead, whatever its socket says: something comes at least once a
 * second.
 */
const SILENT_MS = 2000;
const OPENING_MS = 4000;
const OPENING_MS_MAX = 8000;
const BACKOFF_MS = 500;
const WAIT_MS_MAX = 15_000;
/** A line that has been heard for so long is good: what went wrong before counts no more. */
const STEADY_MS = 10_000;
const LOOK_MS = 250;
/** The close code of a connection that was lost without a closing message. */
const ABRUPT = 1006;
/**
 * Nothing ran between two checks: the device slept, or this thread was blocked. Messages that arrived
 * meanwhile are read first.
 */
const STOOD_STILL_MS = 1000;

/**
 * The page's one socket. htmx dials and swaps the HTML frames; the JSON frames are read here, and htmx leaves
 * them alone. Only this module decides when to drop a connection and dial again: when it closes, when it is
 * open but silent, when it does not open, and when the page becomes visible again.
 */
export class Link {
  /**
   * Why it is over for good, as `[title, what to do]`; null while it is not.
   * @type {[string, string] | null}
   */
  ended = null;
  /** What is known of the connection that was lost last. */
  words = wordsOf(ABRUPT);
  /** @type {DocumentEventMap['htmx:ws:after:connection']['detail']['connection'] | null} */
  #connection = null;
  #open = false;
  /** Null once it was, and is not any more. @type {boolean | null} */
  #whole = false;
  #failures = 1;
  #heardAt = performance.now();
  #openedAt = Infinity;
  #lookedAt = performance.now();
  #dueAt = performance.now() + OPENING_MS;

  /**
   * @param {{ frame: (frame: import('./frames.d.ts').Frame) => void, lost: () => void, ended: () => void,
   *   changed: () => void }} handlers
   */
  constructor(handlers) {
    this.handlers = handlers;
    // Pages that lost their server together do not come back together.
    this.spread = 1 + Math.random() / 2;
    document.addEventListener(
      'htmx:ws:before:connection',
      ({ detail }) => (this.#connection = detail.connection),
    );
    document.addEventListener(
      'htmx:ws:after:connection',
      ({ detail }) => detail.connection === this.#connection && this.#opened(),
    );
    document.addEventListener(
      'htmx:ws:close',
      ({ detail }) => detail.connection === this.#connection && this.#closed(detail.code),
    );
    document.addEventListener('htmx:ws:before:message:incoming', (event) => this.#heard(event));
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#drop() : this.#again()));
    document.addEventListener('resume', () => this.#again());
    addEventListener('online', () => this.#again());
    setInterval(() => this.#look(), LOOK_MS);
  }

  get open() {
    return this.#open && this.#connection?.socket?.readyState === WebSocket.OPEN;
  }

  /** Whether something came over it lately. */
  get live() {
    return this.open && performance.now() - this.#heardAt < SILENT_MS;
  }

  /**
   * `open` when the state of the board is whole and kept up, `lost` when it is not any more, `new` before the
   * first time.
   */
  get state() {
    if (this.ended) return 'lost';
    if (this.#whole && this.live) return 'open';
    return this.#whole === null || performance.now() - this.#heardAt >= SILENT_MS ? 'lost' : 'new';
  }

  /** @param {object} message @returns whether it went out; what did not is never sent later. */
  send(message) {
    if (!this.open) return false;
    this.#connection?.socket?.send(JSON.stringify(message));
    return true;
  }

  /** Where the next connection goes to. @param {string} path */
  set address(path) {
    document.getElementById('live')?.setAttribute('hx-ws:connect', path);
  }

  /** What was asked is not answered, although something comes: a line can be dead in one direction. */
  renew() {
    if (this.open) this.#dial();
  }

  /** The state of the board is whole again. */
  settled() {
    this.#whole = true;
    this.handlers.changed();
  }

  /** It is over for good. @param {[title: string, more: string]} words */
  end(words) {
    this.#drop();
    this.ended = words;
    this.handlers.ended();
    this.handlers.changed();
  }

  #opened() {
    this.#open = true;
    this.#openedAt = performance.now();
    this.#hear();
  }

  /** @param {DocumentEventMap['htmx:ws:before:message:incoming']} event */
  #heard(event) {
    const { connection, message } = event.detail;
    const { data } = message;
    const isJson = typeof data === 'string' && (data[0] === '[' || data[0] === '{');
    const isOld = connection !== this.#connection;
    if (isJson || isOld) {
      event.preventDefault();
      event.detail.cancelled = true;
    }
    if (isOld) return;
    this.#hear();
    if (isJson) this.handlers.frame(JSON.parse(data));
  }

  #hear() {
    const here = performance.now();
    this.#heardAt = here;
    if (here - this.#openedAt > STEADY_MS) this.#failures = 0;
    this.#dueAt = here + this.#patience(SILENT_MS, this.#failures - 1);
  }

  /** @param {number | null} code */
  #closed(code) {
    if (code === null) return;
    this.words = wordsOf(code);
    if (isFinal(code)) return this.end(this.words);
    if (!this.#open) this.#askWhy();
    this.#lose();
    this.#dueAt = performance.now() + this.#patience(BACKOFF_MS * (0.25 + Math.random()), this.#failures);
  }

  /** A refused connection has no close code; an ordinary call to the same address gets the reason. */
  async #askWhy() {
    const answer = await fetch('/live', { signal: timeoutAfter(OPENING_MS) }).catch(() => null);
    if (answer === null || this.open || this.ended) return;
    this.words = wordsOfRefusal(answer.status);
    this.handlers.changed();
  }

  #look() {
    const here = performance.now();
    const stoodStill = here - this.#lookedAt > STOOD_STILL_MS;
    this.#lookedAt = here;
    if (here >= this.#dueAt && !stoodStill && !document.hidden && !this.ended) this.#dial();
  }

  /** Somebody looks at the page, or the network is back: there is no reason to wait. */
  #again() {
    this.#lookedAt = performance.now();
    if (!this.live && !this.ended) this.#dial();
  }

  #dial() {
    this.#drop();
    this.#dueAt = performance.now() + Math.min(OPENING_MS_MAX, this.#patience(OPENING_MS, this.#failures));
    this.#failures++;
    window.htmx?.process(document.getElementById('live'), true);
  }

  /** A socket on a dead line takes a minute to close: it is left to itself. */
  #drop() {
    const connection = this.#connection;
    if (!connection) return;
    this.words = wordsOf(ABRUPT);
    this.#lose();
    connection.socket?.close();
  }

  #lose() {
    this.#connection = null;
    this.#open = false;
    this.#whole = null;
    this.#openedAt = Infinity;
    this.handlers.lost();
    this.handlers.changed();
  }

  /** @param {number} ms @param {number} failures */
  #patience(ms, failures) {
    return Math.min(WAIT_MS_MAX, ms * 2 ** Math.max(0, failures)) * this.spread;
  }
}
