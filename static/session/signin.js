import { startPractice } from '../identity/practice.js';
import { forgetKey, sign } from '../identity/session-key.js';
import { signedText } from '../identity/tap-order.js';
import { discoverWallets, signIn } from '../identity/wallet.js';
import { openSheet } from './sheet.js';

/**
 * Opens the sheet; the page of its own is the same thing for those who came by link.
 * @param {string} waiting what happens once there is an account, in a sentence
 * @param {() => void} closed called when the sheet is closed without one
 */
export function openSignin(waiting, closed) {
  const sheet = document.getElementById('signin');
  const line = sheet.querySelector('[data-waiting]');
  line.textContent = waiting;
  line.hidden = false;
  sheet.addEventListener('close', () => ((line.hidden = true), closed()), { once: true });
  openSheet(sheet);
}

/** @returns {Promise<string>} the session key's signature over the order; it fails when this browser does not have the key */
export const signTaps = (order) => sign(signedText(document.body.dataset.origin, document.body.dataset.session, order), document.body.dataset.session);

/** Wires every sign-in form and the sign-out buttons. */
export function wireSignin() {
  const secure = isSecureContext && crypto.subtle !== undefined;
  for (const form of document.querySelectorAll('[data-signin]')) {
    form.querySelector('[data-insecure]').hidden = secure;
    const practice = form.querySelector('[data-practice]');
    practice.disabled = !secure;
    practice.addEventListener('click', () => begin(form, practice, () => startPractice()));
  }
  if (secure) listWallets();
  for (const button of document.querySelectorAll('[data-signout]')) button.addEventListener('click', () => signOut(button));
}

async function listWallets() {
  const wallets = await discoverWallets();
  const chainIds = (document.body.dataset.chains ?? '1').split(' ').map(Number);
  for (const form of document.querySelectorAll('[data-signin]')) {
    const list = form.querySelector('[data-wallets]');
    form.querySelector('[data-no-wallet]').hidden = wallets.length > 0;
    for (const { name, icon, provider } of wallets) list.append(walletButton(name, icon, (button) => begin(form, button, () => signIn(provider, { chainIds }))));
  }
}

function walletButton(name, icon, press) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.wallet = name;
  if (icon) {
    const picture = document.createElement('img');
    picture.src = icon;
    picture.alt = '';
    button.append(picture);
  }
  button.append(name);
  button.addEventListener('click', () => press(button));
  return button;
}

async function begin(form, button, signingIn) {
  const error = form.querySelector('[data-signin-error]');
  error.hidden = true;
  button.disabled = true;
  try {
    await signingIn();
    location.assign('/');
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
    button.disabled = false;
  }
}

async function signOut(button) {
  button.disabled = true;
  const everywhere = button.dataset.signout === 'everywhere';
  const answer = await fetch(`/api/v1/session${everywhere ? '?everywhere=true' : ''}`, { method: 'DELETE', credentials: 'include' }).catch(() => null);
  // 401: the session had ended already, which is what was asked for.
  if (!answer || (!answer.ok && answer.status !== 401)) return void (button.disabled = false);
  await forgetKey().catch(() => {});
  location.assign('/');
}
