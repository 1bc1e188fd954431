import { stakeOf } from '../board/figures.js';
import { within } from '../page/element.js';
import { openSheet } from '../session/sheet.js';

const MICROS = 1_000_000;

/**
 * The sheet in which a trader types a stake: dollars with a point or a comma, at most two decimals.
 * @param {import('./stakes.js').Stakes} stakes
 */
export function wireOwnStake(stakes) {
  const sheet = /** @type {HTMLDialogElement | null} */ (document.getElementById('own-stake'));
  if (!sheet) return;
  const field = /** @type {HTMLInputElement} */ (within(sheet, '[name=stake]'));
  const fault = within(sheet, '[role=alert]');
  const show = (/** @type {number} */ micros) => {
    field.value = stakeOf(micros).slice(1);
    fault.textContent = '';
  };
  stakes.own?.addEventListener('click', () => {
    show(stakes.value);
    openSheet(sheet);
    // Here one types at once.
    field.focus();
    field.select();
  });
  within(sheet, '[data-most]').addEventListener('click', () => show(stakes.most));
  field.form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const micros = microsOf(field.value);
    if (micros === null || micros < stakes.min || micros > stakes.max) {
      const range = `from ${stakeOf(stakes.min)} to ${stakeOf(stakes.max)}`;
      fault.textContent = `Enter an amount ${range}, with at most two decimals.`;
      return field.select();
    }
    stakes.choose(micros);
    sheet.close();
  });
}

/** @param {string} text @returns {number | null} */
function microsOf(text) {
  const [, whole, cents = ''] = /^\s*\$?\s*(\d{1,7})(?:[.,](\d{1,2}))?\s*$/.exec(text) ?? [];
  return whole === undefined ? null : Number(whole) * MICROS + Number(cents.padEnd(2, '0')) * 10_000;
}
