/** Of the window. */
const PAGE_SHARE = 0.8;

/**
 * Plus, minus and 0 change the size; Page up and down, with Shift across, move the board, and Home brings it
 * back. A cell that gets the focus comes in sight.
 *
 * @param {import('./view.js').View} view
 */
export function wireViewKeys(view) {
  document.addEventListener('keydown', (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target.matches('input, textarea, select') || event.metaKey || event.ctrlKey || event.altKey) return;
    if (document.querySelector('dialog[open]') || !act(view, event)) return;
    event.preventDefault();
  });
  view.grid.addEventListener('focusin', ({ target }) => {
    const cell = /** @type {Element} */ (target);
    if (cell.matches('.cell:focus-visible')) view.reveal(/** @type {HTMLElement} */ (cell));
  });
}

/**
 * Does what the key is for.
 * @param {import('./view.js').View} view @param {KeyboardEvent} event
 * @returns {boolean} whether it is for something
 */
function act(view, { key, shiftKey }) {
  const { plane, board } = view;
  const { activeElement } = document;
  const isOnBoard = activeElement === document.body || board.contains(activeElement);
  const isPage = key === 'PageUp' || key === 'PageDown';
  const sign = key === 'PageUp' ? 1 : -1;
  const { x, y } = plane.follow.end;
  if (key === '+' || key === '=') view.zoomBy(1);
  else if (key === '-') view.zoomBy(-1);
  else if (key === '0') view.resetZoom();
  else if (isOnBoard && key === 'Home') view.goHome();
  else if (isOnBoard && isPage && shiftKey)
    view.settleAt({ x: x + sign * PAGE_SHARE * (plane.width - plane.axis) });
  else if (isOnBoard && isPage) view.settleAt({ y: y + sign * PAGE_SHARE * plane.height });
  else return false;
  return true;
}
