import { IdentityProblem } from './problem.js';
import { postJson } from './server-call.js';
import * as sessionKeys from './session-key.js';

const WALLETS_MAX = 24;
const NAME_LENGTH_MAX = 48;
const ICON_LENGTH_MAX = 200_000;
const ANNOUNCE_MS = 200;
const ICON = /^data:image\/(?:png|svg\+xml|webp|jpeg|gif)[;,]/;

/**
 * The wallets of this browser by EIP-6963, or `window.ethereum` when none announces itself. Names and icons come from extensions: set a name as text
 * and an icon as the `src` of an image, where a `data:` picture runs nothing. `icon` is empty when it is anything else.
 * @param {{ target?: EventTarget & { ethereum?: object }, waitMs?: number }} [options]
 * @returns {Promise<{ uuid: string, name: string, icon: string, provider: { request(call: { method: string, params?: unknown[] }): Promise<unknown> } }[]>}
 */
export async function discoverWallets({ target = globalThis, waitMs = ANNOUNCE_MS } = {}) {
  const found = new Map();
  const onAnnounce = ({ detail }) => {
    const wallet = readAnnouncement(detail);
    if (wallet !== null && found.size < WALLETS_MAX) found.set(wallet.uuid, found.get(wallet.uuid) ?? wallet);
  };
  target.addEventListener('eip6963:announceProvider', onAnnounce);
  target.dispatchEvent(new Event('eip6963:requestProvider'));
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  target.removeEventListener('eip6963:announceProvider', onAnnounce);
  if (found.size === 0 && isProvider(target.ethereum)) return [{ uuid: 'injected', name: 'Browser wallet', icon: '', provider: target.ethereum }];
  return [...found.values()];
}

/**
 * Signs in with one popup: the wallet signs the server's text, which hands taps to a new key of this browser.
 * @param {{ request(call: { method: string, params?: unknown[] }): Promise<unknown> }} provider EIP-1193
 * @param {{ chainIds?: readonly number[], keys?: typeof sessionKeys, post?: typeof postJson }} [options] the chains that the server takes
 * @returns {Promise<{ account: { id: string, currency: string, balance: number }, session: { id: string, expiresAt: number } }>}
 * @throws {IdentityProblem}
 */
export async function signIn(provider, { chainIds = [1], keys = sessionKeys, post = postJson } = {}) {
  if (!isProvider(provider)) throw new IdentityProblem('no_wallet');
  const pair = await keys.createKey();
  const publicKey = await keys.publicKeyText(pair);
  const address = await firstAccount(provider);
  const chainId = await chainOf(provider, chainIds);
  const { challengeId, message } = await post('/api/v1/login/challenge', { address, chainId, publicKey });
  const signature = await ask(provider, 'personal_sign', [hexOf(message), address]);
  const proof = await keys.signWith(pair, `tapgrid-login-v1\n${challengeId}\n${message}`);
  const { account, session } = await post('/api/v1/login', { challengeId, signature, proof });
  await keys.keepKey(pair, session.id);
  return { account, session };
}

function readAnnouncement(detail) {
  const { info, provider } = detail ?? {};
  const { uuid, name, icon } = info ?? {};
  if (typeof uuid !== 'string' || uuid === '' || uuid.length > 64 || typeof name !== 'string' || name.trim() === '' || !isProvider(provider)) return null;
  const picture = typeof icon === 'string' && icon.length <= ICON_LENGTH_MAX && ICON.test(icon) ? icon : '';
  return { uuid, name: name.trim().slice(0, NAME_LENGTH_MAX), icon: picture, provider };
}

const isProvider = (value) => typeof value === 'object' && value !== null && typeof value.request === 'function';

async function firstAccount(provider) {
  const accounts = await ask(provider, 'eth_requestAccounts');
  const address = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof address !== 'string') throw new IdentityProblem('wallet_locked');
  return address;
}

/** The wallet's chain when it is one of ours; else it is asked to switch to the first of ours. */
async function chainOf(provider, chainIds) {
  const now = chainNumber(await ask(provider, 'eth_chainId'));
  if (chainIds.includes(now)) return now;
  const [wanted] = chainIds;
  try {
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: `0x${wanted.toString(16)}` }] });
  } catch (error) {
    throw new IdentityProblem(error?.code === USER_REJECTED ? 'wallet_rejected' : 'wrong_chain');
  }
  if (chainNumber(await ask(provider, 'eth_chainId')) !== wanted) throw new IdentityProblem('wrong_chain');
  return wanted;
}

const chainNumber = (value) => (typeof value === 'string' && /^0x[0-9a-f]{1,13}$/i.test(value) ? Number(value) : Number.isSafeInteger(value) ? value : Number.NaN);

/** Error codes of EIP-1193 and of wallets that are already asking. */
const USER_REJECTED = 4001;
const UNAUTHORIZED = 4100;
const REQUEST_PENDING = -32002;

async function ask(provider, method, params = []) {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const code = error?.code ?? error?.cause?.code;
    if (code === USER_REJECTED) throw new IdentityProblem('wallet_rejected');
    throw new IdentityProblem(code === UNAUTHORIZED || code === REQUEST_PENDING ? 'wallet_locked' : 'wallet_failed');
  }
}

/** @param {string} text the UTF-8 bytes as 0x and hex, which every wallet takes for `personal_sign` */
const hexOf = (text) => `0x${Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
