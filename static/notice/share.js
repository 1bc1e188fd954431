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
    event.preventDefault();
    share(link, tell);
  });
}

/**
 * To be called inside a press.
 * @param {HTMLAnchorElement} link @param {(text: string, near: Element | null) => void} tell
 */
export async function share({ href, dataset }, tell) {
  try {
    if (navigator.share) return await navigator.share({ title: 'Tapgrid', text: dataset.share, url: href });
    // Over plain http, other than on this machine, there is no clipboard, which is an error here too.
    await navigator.clipboard.writeText(href);
    tell('The link to your win is copied.', null);
  } catch (error) {
    // Who closes the sheet without sharing has said so.
    if (/** @type {Error} */ (error).name !== 'AbortError') location.assign(href);
  }
}
