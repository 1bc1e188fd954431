/**
 * As near to a place as the board may be moved: all columns can be brought in sight, and the middle lies
 * where bets are taken.
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
  return {
    x: Math.min(0, Math.max(least, x)),
    y: high > low ? Math.max(-plane.yOf(low), Math.min(-plane.yOf(high), y)) : y,
  };
}
