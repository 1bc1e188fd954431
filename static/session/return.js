const KEY = 'tapgrid-session';

/**
 * Sees to it that a page which the browser kept while it was left is not shown to another session than its
 * own, nor with a board that stands still.
 */
export function watchReturns() {
  const mine = document.body.dataset.session ?? '';
  note(mine);
  addEventListener('pageshow', (event) => {
    const { persisted } = /** @type {PageTransitionEvent} */ (event);
    if (persisted && (document.body.classList.contains('live') || noted() !== mine)) location.reload();
  });
}

/** @param {string} session */
function note(session) {
  try {
    localStorage.setItem(KEY, session);
  } catch {
    // Without storage every page that comes back is taken for its own; the server still asks for a session
    // where one is needed.
  }
}

function noted() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return document.body.dataset.session ?? '';
  }
}
