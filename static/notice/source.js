/**
 * Tells when prices come from another source than before: a server that was restarted may have another one.
 * Each snapshot brings its name.
 */
export function watchSource(tell) {
  const venue = document.getElementById('venue');
  let known = venue.textContent;
  new MutationObserver(() => {
    const label = venue.textContent;
    if (label === known || label === '') return;
    known = label;
    tell(`Prices now come from another source: ${label}.`, null);
  }).observe(venue, { childList: true, subtree: true, characterData: true });
}
