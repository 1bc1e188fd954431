import { mayOffer, setting } from '../session/settings.js';

/** So many cells tapped one by one, each soon after the other, could have been a swipe. */
const TAPS = 3;
const SOON_MS = 3_000;

/** Says once on each device that one can swipe, to somebody who taps cell after cell. */
export class SwipeHint {
  #taps = 0;
  #lastAt = -Infinity;
  /** @type {Element | undefined} */
  #last;

  /** @param {(text: string, near: Element | null) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  /** @param {readonly Element[]} cells of one press or drag */
  tapped(cells) {
    const now = performance.now();
    if (cells.length > 1) mayOffer('swipe');
    // The same cell again is no swipe.
    const goesOn = now - this.#lastAt < SOON_MS && cells[0] !== this.#last;
    this.#taps = cells.length > 1 ? 0 : goesOn ? this.#taps + 1 : 1;
    this.#lastAt = now;
    this.#last = cells[0];
    if (this.#taps < TAPS || !setting('swipe') || !mayOffer('swipe')) return;
    this.tell('You can swipe across cells to tap them all at once.', null);
  }
}
