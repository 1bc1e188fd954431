/** From so many windows ahead the ring of a bet runs down. */
const RING_WINDOWS = 6;
/** From so many rows away the price makes a bet glow. */
const NEAR_ROWS = 1;

/**
 * What an open bet shows while it waits: a ring that runs down to its window, and then with its window; and
 * in its window a glow, the stronger the nearer the price is to its band.
 * @param {import('../board/cells.js').Cells} cells @param {number | null} price @param {number} now
 */
export function showTension(cells, price, now) {
  for (const badge of document.querySelectorAll('#plane .bet:is(.placed, .locked)')) {
    const found = cells.read(/** @type {import('../board/cells.js').Cell} */ (badge.parentElement));
    if (!found) continue;
    const { column, low, high } = found;
    const opensIn = column.start - now;
    const left = opensIn > 0 ? opensIn / (RING_WINDOWS * cells.windowMs) : 1 + opensIn / cells.windowMs;
    const away = price === null ? Infinity : Math.max(0, low - price, price - high) / column.band;
    const near = opensIn > 0 ? 0 : Math.max(0, 1 - away / NEAR_ROWS);
    const { style } = /** @type {HTMLElement} */ (badge);
    style.setProperty('--left', `${Math.round(360 * Math.max(0, Math.min(1, left)))}deg`);
    style.setProperty('--near', near.toFixed(2));
  }
}
