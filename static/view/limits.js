/**
 * As near to a place as the board may be moved: all columns, and all rows that take bets, can be brought in
 * sight, and no more.
 * @param {{ x: number, y: number }} to
 * @param {{ plane: import('../board/plane.js').Plane, cells: import('../board/cells.js').Cells,
 *   now: () => number }} board
 */
export function within({ x, y }, { plane, cells, now }) {
  let [last, low, high] = [-Infinity, Infinity, -Infinity];
  for (const column of cells.columns.values()) {
    last = Math.max(last, column.start + cells.windowMs);
    for (const [fromTop, cell] of [...column.element.children].entries()) {
      if (!(/** @type {import('../board/cells.js').Cell} */ (cell).value_)) continue;
      high = Math.max(high, column.high - fromTop * column.band);
      low = Math.min(low, column.high - (fromTop + 1) * column.band);
    }
  }
  const end = plane.homeX + plane.xOf(last) - plane.xOf(now());
  const least = Math.min(0, plane.width - plane.axis - end);
  return { x: Math.min(0, Math.max(least, x)), y: high > low ? between(y, ...rangeOf(plane, low, high)) : y };
}

/**
 * Of pixels down: with the highest row at the upper edge, and with the lowest one at the lower edge.
 * @param {import('../board/plane.js').Plane} plane @param {number} low @param {number} high
 * @returns {[number, number]}
 */
const rangeOf = (plane, low, high) => [
  -plane.height / 2 - plane.yOf(high),
  plane.height / 2 - plane.yOf(low),
];

/** @param {number} value @param {number} one @param {number} other */
const between = (value, one, other) => Math.max(Math.min(one, other), Math.min(Math.max(one, other), value));
