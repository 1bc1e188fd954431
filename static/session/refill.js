import { postJson } from '../identity/server-call.js';
import { tell } from '../notice/toast.js';

/** Wires what refills an empty practice account. The balance comes over the socket; a page without one is loaded anew. */
export function wireRefill() {
  document.addEventListener('click', async ({ target }) => {
    const button = target.closest?.('[data-refill]');
    if (!button) return;
    button.disabled = true;
    try {
      await postJson('/api/v1/practice/refill', {});
      if (!document.body.classList.contains('live')) location.reload();
      else tell('Your play money is back. Good luck.', document.getElementById('balance'));
    } catch (problem) {
      tell(problem.message, button);
    }
    button.disabled = false;
  });
}
