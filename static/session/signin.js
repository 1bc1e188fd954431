import { forgetKey, sign } from '../identity/session-key.js';
import { signedText } from '../identity/tap-order.js';
import { all, byId, within } from '../page/element.js';
import { startOrGoOn } from './comeback.js';
import { keepQuiet, openSheet } from './sheet.js';
import { wireWallets } from './wallets.js';

/**
 * Opens the sheet; the page of its own is the same thing for those who came by link.
 * @param {string} waiting what happens once there is an account, in a sentence
 * @param {() => void} closed called when the sheet is closed without one
 */
export function openSignin(waiting, closed) {
  const sheet = byId('signin');
  const line = within(sheet, '[data-waiting]');
  line.textContent = waiting;
  line.hidden = false;
  const close = () => {
    line.hidden = true;
    closed();
  };
  sheet.addEventListener('close', close, { once: true });
  openSheet(sheet);
}

/**
 * @param {Parameters<typeof signedText>[2]} order
 * @returns {Promise<string>} the session key's signature over the order; it fails when this browser does not
 * have the key
 */
export const signTaps = (order) =>
  sign(
    signedText(document.body.dataset.origin ?? '', document.body.dataset.session ?? '', order),
    document.body.dataset.session,
  );

/** Wires every sign-in form and the sign-out buttons. */
export function wireSignin() {
  const secure = isSecureContext && crypto.subtle !== undefined;
  for (const form of all('[data-signin]')) {
    within(form, '[data-insecure]').hidden = secure;
    const practice = /** @type {HTMLButtonElement} */ (within(form, '[data-practice]'));
    practice.disabled = !secure;
    practice.addEventListener('click', () => begin(form, practice, startOrGoOn));
    within(form, '[data-cancel]').addEventListener('click', () => underWay.get(form)?.abort());
  }
  if (secure) wireWallets(begin);
  for (const button of all('[data-signout]'))
    button.addEventListener('click', () => signOut(/** @type {HTMLButtonElement} */ (button)));
}

/**
 * What is under way in a form: another press, or the cancelling one, ends the wait for it.
 * @type {Map<Element, AbortController>}
 */
const underWay = new Map();

/**
 * @param {Element} form @param {HTMLButtonElement} button
 * @param {(options: import('./wallets.js').Options) => Promise<unknown>} signingIn
 */
async function begin(form, button, signingIn) {
  underWay.get(form)?.abort();
  const cancel = new AbortController();
  underWay.set(form, cancel);
  const [error, pending] = [within(form, '[data-signin-error]'), within(form, '[data-pending]')];
  error.hidden = true;
  button.disabled = true;
  /** @param {string} sentence */
  const onStep = (sentence) => {
    if (cancel.signal.aborted) return;
    within(pending, 'span').textContent = sentence;
    pending.hidden = false;
  };
  try {
    await signingIn({ signal: cancel.signal, onStep });
    location.assign('/');
  } catch (problem) {
    button.disabled = false;
    // Another one has taken the form over.
    if (underWay.get(form) !== cancel) return;
    error.textContent = /** @type {Error} */ (problem).message;
    error.hidden = false;
    pending.hidden = true;
  }
}

/** @param {HTMLButtonElement} button */
async function signOut(button) {
  const isPractice = document.body.dataset.currency === 'PLAY';
  if (isPractice && !button.dataset.sure) {
    button.dataset.sure = 'true';
    button.textContent = 'Sign out and give up this account';
    return keepQuiet(button);
  }
  button.disabled = true;
  // A practice account is given up whole, with every key that could bring it back.
  const everywhere = isPractice || button.dataset.signout === 'everywhere';
  const answer = await fetch(`/api/v1/session${everywhere ? '?everywhere=true' : ''}`, {
    method: 'DELETE',
    credentials: 'include',
  }).catch(() => null);
  // 401: the session had ended already, which is what was asked for.
  if (!answer || (!answer.ok && answer.status !== 401)) {
    button.disabled = false;
    return;
  }
  await forgetKey().catch(() => {});
  location.assign('/');
}
