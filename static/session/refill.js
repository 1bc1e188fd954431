import { postJson } from '../identity/server-call.js';
import { tell } from '../notice/toast.js';

/**
 * Wires what refills an empty practice account. The balance comes over the socket, and with it whether there
 * is anything to refill; a page without one is reloaded.
 */
export function wireRefill() {
  const net = document.getElementById('net');
  const offered = /** @type {HTMLButtonElement | null} */ (document.querySelector('#account [data-refill]'));
  if (net && offered)
    new MutationObserver(() => {
      offered.disabled = net.querySelector('[data-refill]') === null;
    }).observe(net, { childList: true });
  document.addEventListener('click', async ({ target }) => {
    const button = /** @type {HTMLButtonElement | null} */ (
      /** @type {Partial<Element>} */ (target).closest?.('[data-refill]') ?? null
    );
    if (!button) return;
    button.disabled = true;
    try {
      await postJson('/api/v1/practice/refill', {});
      if (!document.body.classList.contains('live')) location.reload();
      else tell('Your play money is back. Good luck.', document.getElementById('balance'));
    } catch (problem) {
      tell(/** @type {Error} */ (problem).message, button);
      button.disabled = false;
    }
  });
}
