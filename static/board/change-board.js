/** Farther from the middle than this share of the height the price does not stay. */
const NEAR_SHARE = 0.2;

/**
 * Makes room for a board of other windows, whose columns come next. Now and the price stay where they are on
 * the screen, and then glide home, into a whole row.
 * @param {import('./plane.js').Plane} plane @param {number} windowMs @param {number} rows
 * @param {readonly { start: number, band: number }[]} columns @param {number} price
 */
export function changeBoard(plane, windowMs, rows, columns, price) {
  const { cells, follow, heads } = plane;
  const { x, y, wide, tall } = follow.pose(performance.now());
  const down = y + tall * plane.yOf(price);
  for (const column of [...cells.columns.values()]) cells.drop(column);
  heads.place.replaceChildren();
  Object.assign(cells, { windowMs, rows });
  plane.grid.dataset.window = String(windowMs);
  const now = plane.clock.now();
  plane.origin = columns[0]?.start ?? plane.origin;
  plane.band = usualBand(columns, now) ?? plane.band;
  plane.anchor = (Math.floor(price / plane.band) + 0.5) * plane.band;
  plane.pxPerCent = plane.row / plane.band;
  plane.away = false;
  const here = { x: x + (wide - 1) * plane.homeX, y: down - plane.yOf(price), wide: 1, tall: 1 };
  const isNear = Math.abs(down) < plane.height * NEAR_SHARE;
  const home = { x: 0, y: isNear ? Math.round(here.y / plane.row) * plane.row : plane.middleOf(price) };
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  follow.jump(isStill ? { ...here, ...home } : here);
  if (!isStill) follow.move(home);
  plane.keepDrifting(now);
}

/**
 * The height of most of what can be tapped, cents; undefined where there is nothing ahead.
 * @param {readonly { start: number, band: number }[]} columns @param {number} now
 */
export function usualBand(columns, now) {
  const bands = columns.filter(({ start }) => start > now).map(({ band }) => band);
  return bands.sort((a, b) => a - b)[bands.length >> 1];
}
