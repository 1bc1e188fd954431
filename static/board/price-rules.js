import { bandEndOf } from './figures.js';

/** The style sheet gets positions of rows in fractions of a row's height. */
export const UNITS_PER_ROW = 20;
/** Rows by which the view may move before the lines are redrawn. */
const ROWS_LOOSE = 3;

/** Price lines across the board, one a row. */
export class PriceRules {
  #drawnFor = '';
  #middle = 0;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /**
   * @param {number} band cents of a row @param {number} anchor cents in the middle of the plane
   * @param {number} middle the row in the middle of what is in sight
   * @param {number} reach rows on either side of it
   */
  draw(band, anchor, middle, reach) {
    const key = `${band} ${anchor} ${reach}`;
    if (key === this.#drawnFor && Math.abs(middle - this.#middle) < ROWS_LOOSE) return;
    this.#drawnFor = key;
    this.#middle = middle;
    const rules = [];
    for (let i = -reach; i <= reach; i++) {
      const price = (middle - i) * band;
      if (price <= 0) continue;
      const rule = document.createElement('i');
      rule.textContent = bandEndOf(price);
      rule.style.setProperty('--Y', String(((anchor - price) / band) * UNITS_PER_ROW));
      rules.push(rule);
    }
    this.place.replaceChildren(...rules);
  }
}
