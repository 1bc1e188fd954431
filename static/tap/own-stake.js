import { stakeOf } from '../board/figures.js';
import { byId, within } from '../page/element.js';
import { openSheet } from '../session/sheet.js';

const MICROS = 1_000_000;

/** The sheet in which a trader types a stake: dollars with a point or a comma, at most two decimals. */
export class OwnStake {
  /** @param {import('./stakes.js').Stakes} stakes */
  constructor(stakes) {
    this.stakes = stakes;
    this.sheet = /** @type {HTMLDialogElement} */ (byId('own-stake'));
    if (!this.sheet) return;
    this.field = /** @type {HTMLInputElement} */ (within(this.sheet, '[name=stake]'));
    this.fault = within(this.sheet, '[role=alert]');
    within(this.sheet, '[data-most]').addEventListener('click', () => this.#show(stakes.most));
    this.field.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#take();
    });
  }

  open() {
    this.#show(this.stakes.value);
    openSheet(this.sheet);
    // Here one types at once.
    this.field?.focus();
    this.field?.select();
  }

  /** @param {number} micros */
  #show(micros) {
    if (this.field) this.field.value = stakeOf(micros).slice(1);
    if (this.fault) this.fault.textContent = '';
  }

  #take() {
    const { min, max } = this.stakes;
    const micros = microsOf(this.field?.value ?? '');
    if (micros === null || micros < min || micros > max) {
      const range = `from ${stakeOf(min)} to ${stakeOf(max)}`;
      if (this.fault) this.fault.textContent = `Enter an amount ${range}, with at most two decimals.`;
      return this.field?.select();
    }
    this.stakes.choose(micros);
    this.sheet.close();
  }
}

/** @param {string} text @returns {number | null} */
function microsOf(text) {
  const [, whole, cents = ''] = /^\s*\$?\s*(\d{1,7})(?:[.,](\d{1,2}))?\s*$/.exec(text) ?? [];
  return whole === undefined ? null : Number(whole) * MICROS + Number(cents.padEnd(2, '0')) * 10_000;
}
