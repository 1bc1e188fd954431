/**
 * Calls once the page's style sheet applies, at once where it does: WebKit runs modules before it is there,
 * and what is read of the layout then is wrong. One that does not come at all keeps nobody waiting.
 * @param {() => void} act
 */
export function whenStyled(act) {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel=stylesheet]'));
  if (!link || link.sheet) return act();
  for (const kind of ['load', 'error']) link.addEventListener(kind, act, { once: true });
}
