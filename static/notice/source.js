import { byId } from '../page/element.js';

/**
 * Tells when prices come from another source than before: a server that was restarted may have another one.
 * Each snapshot brings its name.
 * @param {(text: string, near: null) => void} tell
 */
export function watchSource(tell) {
  const venue = byId('venue');
  let known = venue.textContent;
  new MutationObserver(() => {
    const label = venue.textContent;
    if (label === known || label === '') return;
    known = label;
    tell(`Prices now come from another source: ${label}.`, null);
  }).observe(venue, { childList: true, subtree: true, characterData: true });
}
