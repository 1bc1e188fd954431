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

/** @param {import('./view.js').View} view @param {KeyboardEvent} event */
function act(view, { key, shiftKey }) {
  if (key === '+' || key === '=') return (view.zoomBy(1), true);
  if (key === '-') return (view.zoomBy(-1), true);
  if (key === '0') return (view.resetZoom(), true);
  const { activeElement } = document;
  if (activeElement !== document.body && !view.board.contains(activeElement)) return false;
  if (key === 'Home') return (view.goHome(), true);
  if (key !== 'PageUp' && key !== 'PageDown') return false;
  const { plane } = view;
  const up = key === 'PageUp' ? 1 : -1;
  const { x, y } = plane.follow.end;
  if (shiftKey) view.settleAt({ x: x + up * PAGE_SHARE * (plane.width - plane.axis) });
  else view.settleAt({ y: y + up * PAGE_SHARE * plane.height });
  return true;
}
