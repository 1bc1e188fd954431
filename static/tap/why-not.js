/**
 * Why a cell cannot be ordered, as a sentence; null where it can.
 * @param {import('../board/cells.js').Found | null} found @param {number} bets how many are on it
 * @param {import('../board/cells.js').Cells} cells @param {number} now
 */
export function whyNot(found, bets, cells, now) {
  if (!found) return 'That cell is gone.';
  if (bets >= cells.betsMax)
    return cells.betsMax === 1
      ? 'You already have a bet on that cell.'
      : `You have ${bets} bets on that cell, the most there can be.`;
  const opensIn = found.column.start - now;
  if (opensIn <= -cells.windowMs) return 'That column is over.';
  if (opensIn <= 0) return 'That column has already started.';
  if (opensIn < cells.windowMs) return 'That column is locked.';
  // Before the first snapshot the page knows no multiplier in full; who taps so early is heard.
  return found.value || !cells.revision ? null : 'That cell takes no bets right now.';
}
