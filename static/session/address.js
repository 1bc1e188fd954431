import { all, byId } from '../page/element.js';

/**
 * Taps are signed for one address. At any other one prices can be watched, and the page says where it can be
 * played. The server knows other hosts by themselves; another scheme, or a port that a proxy left out, is
 * known here alone.
 */
export const isElsewhere = () =>
  document.body.dataset.elsewhere === 'true' || location.origin !== document.body.dataset.origin;

/** @returns the message for a visitor who wants to play here. */
const playElsewhere = () => `This address only shows prices. Play at ${document.body.dataset.origin}.`;

export function watchAddress() {
  if (!isElsewhere()) return;
  const { origin } = document.body.dataset;
  const banner = byId('elsewhere');
  banner.hidden = false;
  // The server took this for another address, and it is not.
  if (location.origin === origin)
    banner.textContent =
      'Nobody can sign in, because the proxy in front of this server does not forward the Host header.';
  for (const opener of all('[data-sheet=signin]')) {
    delete opener.dataset.sheet;
    /** @type {HTMLAnchorElement} */ (opener).href = `${origin}/signin`;
  }
  for (const form of all('[data-signin]')) {
    const notice = document.createElement('p');
    notice.className = 'warning';
    notice.textContent = playElsewhere();
    form.before(notice);
    form.inert = true;
  }
}
