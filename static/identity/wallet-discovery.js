const WALLETS_MAX = 24;
const NAME_LENGTH_MAX = 48;
const ICON_LENGTH_MAX = 200_000;
const ANNOUNCE_MS = 200;
const ICON = /^data:image\/(?:png|svg\+xml|webp|jpeg|gif)[;,]/;

/**
 * The wallets of this browser by EIP-6963, whenever they announce themselves, or `window.ethereum` while none
 * has. Names and icons come from extensions: set a name as text and an icon as the `src` of an image, where a
 * `data:` picture runs nothing. `icon` is empty when it is anything else.
 * @typedef {{ request(call: { method: string, params?: unknown[] }): Promise<unknown> }} Provider
 * @typedef {{ uuid: string, name: string, icon: string, provider: Provider }} Wallet
 * @param {(wallets: Wallet[]) => void} onWallets called
 *   first when those that are there have announced themselves, and again with every
 *   change; of the same wallet the first announcement counts
 * @param {{ target?: EventTarget & { ethereum?: object }, waitMs?: number }} [options]
 * @returns {() => void} asks all wallets again to announce themselves
 */
export function watchWallets(onWallets, { target = globalThis, waitMs = ANNOUNCE_MS } = {}) {
  /** @type {Map<string, Wallet>} */
  const found = new Map();
  let waiting = true;
  /** @type {string | null} */
  let said = null;
  const tell = () => {
    const wallets = found.size > 0 ? [...found.values()] : injected(target);
    const now = wallets.map(({ uuid }) => uuid).join();
    if (waiting || now === said) return;
    said = now;
    onWallets(wallets);
  };
  target.addEventListener('eip6963:announceProvider', (event) => {
    const wallet = readAnnouncement(/** @type {CustomEvent} */ (event).detail);
    if (wallet === null || found.has(wallet.uuid) || found.size >= WALLETS_MAX) return;
    found.set(wallet.uuid, wallet);
    tell();
  });
  // How wallets of phones say that they have put themselves into the page.
  target.addEventListener('ethereum#initialized', tell);
  const look = () => {
    target.dispatchEvent(new Event('eip6963:requestProvider'));
    tell();
  };
  look();
  setTimeout(() => {
    waiting = false;
    tell();
  }, waitMs);
  return look;
}

/**
 * Browsers of wallets on phones: each opens the page inside, where its wallet is. @param {string} address of
 * the page
 */
export const walletBrowsers = (address) => [
  { name: 'MetaMask', link: `https://link.metamask.io/dapp/${address.replace(/^https?:\/\//, '')}` },
  { name: 'Coinbase Wallet', link: `https://go.cb-w.com/dapp?cb_url=${encodeURIComponent(address)}` },
  {
    name: 'Trust Wallet',
    link: `https://link.trustwallet.com/open_url?coin_id=60&url=${encodeURIComponent(address)}`,
  },
];

/** @param {unknown} value @returns {value is Provider} */
export const isProvider = (value) =>
  typeof value === 'object' && value !== null && typeof (/** @type {any} */ (value).request) === 'function';

/** @param {{ ethereum?: object }} target @returns {Wallet[]} */
const injected = ({ ethereum }) =>
  isProvider(ethereum) ? [{ uuid: 'injected', name: 'Browser wallet', icon: '', provider: ethereum }] : [];

/**
 * What an extension announced, whatever it is; null where that is no wallet.
 * @param {any} detail @returns {Wallet | null}
 */
function readAnnouncement(detail) {
  const { info, provider } = detail ?? {};
  const { uuid, name, icon } = info ?? {};
  if (
    typeof uuid !== 'string' ||
    uuid === '' ||
    uuid.length > 64 ||
    typeof name !== 'string' ||
    name.trim() === '' ||
    !isProvider(provider)
  )
    return null;
  const picture = typeof icon === 'string' && icon.length <= ICON_LENGTH_MAX && ICON.test(icon) ? icon : '';
  return { uuid, name: name.trim().slice(0, NAME_LENGTH_MAX), icon: picture, provider };
}
