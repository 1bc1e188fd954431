import { onDemand } from '../page/on-demand.js';

/** A press on what names a bet opens its path in a sheet; the player is fetched at the first one. */
export function wireWatching() {
  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = /** @type {HTMLAnchorElement | null} */ (
      /** @type {Partial<Element>} */ (event.target).closest?.('[data-watch]') ?? null
    );
    if (!link) return;
    event.preventDefault();
    onDemand('watch.js').then(
      ({ watch }) => watch(link.dataset.watch),
      // Where it cannot be fetched, the receipt has the picture.
      () => location.assign(link.href),
    );
  });
}
