/**
 * Links to a win: a press on one hands it to the device's own sheet for sharing, or, where there is none,
 * copies it. With neither, and with a key held down, it is followed like any link.
 * @param {(text: string, near: Element | null) => void} tell
 */
export function wireShare(tell) {
  document.addEventListener('click', (event) => {
    const { target, ctrlKey, metaKey, shiftKey } = event;
    const link = /** @type {Element} */ (target).closest('[data-share]');
    if (!(link instanceof HTMLAnchorElement) || ctrlKey || metaKey || shiftKey) return;
    // Somewhere else than over https or on this machine there is no clipboard.
    if (!navigator.share && !navigator.clipboard) return;
    event.preventDefault();
    share(link.href, link.dataset.share ?? '', tell);
  });
}

/**
 * @param {string} url @param {string} text
 * @param {(text: string, near: Element | null) => void} tell
 */
async function share(url, text, tell) {
  try {
    if (navigator.share) return await navigator.share({ title: 'Tapgrid', text, url });
    await navigator.clipboard.writeText(url);
    tell('The link to your win is copied.', null);
  } catch (error) {
    // Who closes the sheet without sharing has said so.
    if (/** @type {Error} */ (error).name !== 'AbortError') location.assign(url);
  }
}
