/** Numbers as the page writes them; the server's views do the same for what they render. */

/** Hundredths → `2.31`, `14.6`; empty if it takes no bets. @param {number} value */
export const amountOf = (value) =>
  !value ? '' : value < 1000 ? (value / 100).toFixed(2) : (Math.floor(value / 10) / 10).toFixed(1);

/** Cents → `['76,041', '.85']` @param {number} cents @returns {[string, string]} */
export function priceOf(cents) {
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return [whole, `.${String(cents % 100).padStart(2, '0')}`];
}

/** Cents → `76,040` or `76,040.50` @param {number} cents */
export function bandEndOf(cents) {
  const [whole, fraction] = priceOf(cents);
  return fraction === '.00' ? whole : whole + fraction;
}

/** Micro-dollars → `$10`, `$0.50` @param {number} micros */
export const stakeOf = (micros) => `$${micros % 1e6 === 0 ? micros / 1e6 : (micros / 1e6).toFixed(2)}`;

/** Hundredths → `2.31`, `14.64` @param {number} value */
export const multiplierOf = (value) => (value / 100).toFixed(2);

/**
 * Micro-dollars and hundredths → `$23.10`: what a bet at that multiplier pays, cut down to the cent.
 * @param {number} stake @param {number} value
 */
export const payoutOf = (stake, value) =>
  `$${priceOf(Math.floor(Math.floor((stake * value) / 100) / 10_000)).join('')}`;

/** Milliseconds → `0:08` @param {number} ms */
export function countdownOf(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
