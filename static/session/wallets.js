import { signIn } from '../identity/wallet.js';
import { all, within } from '../page/element.js';
import { walletBrowsers, watchWallets } from '../identity/wallet-discovery.js';

/**
 * Lists the wallets in every sign-in form, also those that announce themselves later. On a phone without one
 * it shows links that open the page inside a wallet's browser.
 * @typedef {{ signal: AbortSignal, onStep: (sentence: string) => void }} Options
 * @param {(form: Element, button: HTMLButtonElement, work: (options: Options) => Promise<unknown>) => void}
 *   begin
 */
export function wireWallets(begin) {
  const chainIds = (document.body.dataset.chains ?? '1').split(' ').map(Number);
  const forms = all('[data-signin]');
  const look = watchWallets((wallets) => {
    for (const form of forms) {
      const list = within(form, '[data-wallets]');
      within(form, '[data-no-wallet]').hidden = wallets.length > 0;
      showBrowsers(
        within(form, '[data-wallet-browsers]'),
        wallets.length === 0 && matchMedia('(pointer: coarse)').matches,
      );
      for (const button of all('[data-wallet]', list))
        if (!wallets.some(({ uuid }) => uuid === button.dataset.uuid)) button.remove();
      for (const wallet of wallets) {
        if ([...all('[data-wallet]', list)].some((button) => button.dataset.uuid === wallet.uuid)) continue;
        list.append(
          walletButton(wallet, (button) =>
            begin(form, button, (options) => signIn(wallet.provider, { chainIds, ...options })),
          ),
        );
      }
    }
  });
  // When the user returns to the page or opens the sheet, they may have installed or unlocked a wallet
  // meanwhile.
  document.addEventListener('visibilitychange', () => document.hidden || look());
  for (const form of forms) form.closest('dialog')?.addEventListener('toggle', look);
}

/**
 * @param {import('../identity/wallet-discovery.js').Wallet} wallet
 * @param {(button: HTMLButtonElement) => void} press
 */
function walletButton({ uuid, name, icon }, press) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.wallet = name;
  button.dataset.uuid = uuid;
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

/** @param {HTMLElement} place @param {boolean} wanted */
function showBrowsers(place, wanted) {
  place.hidden = !wanted;
  if (!wanted || place.querySelector('a')) return;
  for (const { name, link } of walletBrowsers(`${document.body.dataset.origin}/`)) {
    const anchor = document.createElement('a');
    anchor.href = link;
    anchor.rel = 'noreferrer';
    anchor.textContent = name;
    place.append(anchor);
  }
}
