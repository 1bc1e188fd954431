import { IdentityProblem } from './problem.js';
import { postJson } from './server-call.js';
import * as sessionKeys from './session-key.js';
import { isProvider } from './wallet-discovery.js';
import { ask } from './wallet-request.js';

/**
 * Signs in with one popup: the wallet signs the server's text, which hands taps to a new key of this browser.
 * @typedef {import('./wallet-discovery.js').Provider} Provider
 * @param {Provider} provider EIP-1193
 * @param {{ chainIds?: readonly number[], keys?: typeof sessionKeys, post?: typeof postJson, signal?:
 *   AbortSignal, onStep?: (sentence: string) => void, lagMs?: number }} [options]
 *   the chains that the server takes; `signal` cancels; `onStep` gets what the user has to do in the wallet
 * @returns {Promise<{ account: { id: string, currency: string, balance: number }, session: { id: string,
 *   expiresAt: number } }>}
 * @throws {IdentityProblem}
 */
export async function signIn(
  provider,
  { chainIds = [1], keys = sessionKeys, post = postJson, signal, onStep = () => {}, lagMs = LAG_MS } = {},
) {
  if (!isProvider(provider)) throw new IdentityProblem('no_wallet');
  const pair = await keys.createKey();
  const publicKey = await keys.publicKeyText(pair);
  onStep('Check your wallet: it is asking whether this page may see your address.');
  const address = await firstAccount(provider, signal);
  const chainId = await chainOf(provider, chainIds, { signal, onStep, lagMs });
  const { challengeId, message } = await post('/api/v1/login/challenge', { address, chainId, publicKey });
  onStep('Check your wallet: it is asking you to sign in. Read the text and sign it there.');
  const signature = await ask(provider, 'personal_sign', [hexOf(message), address], signal);
  checkSignature(signature);
  if (signal?.aborted) throw new IdentityProblem('cancelled');
  const proof = await keys.signWith(pair, `tapgrid-login-v1\n${challengeId}\n${message}`);
  const { account, session } = await post('/api/v1/login', { challengeId, signature, proof });
  await keys.keepKey(pair, session.id);
  return { account, session };
}

/**
 * In small letters: the wallet's own address needs no checksum, and not all write the same one.
 * @param {Provider} provider @param {AbortSignal | undefined} signal
 */
async function firstAccount(provider, signal) {
  const accounts = await ask(provider, 'eth_requestAccounts', [], signal);
  const first = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof first !== 'string') throw new IdentityProblem('wallet_locked');
  const digits = /(?:^|0x|:)([0-9a-f]{40})$/i.exec(first.trim())?.[1];
  if (digits === undefined) throw new IdentityProblem('wallet_failed');
  return `0x${digits.toLowerCase()}`;
}

const LAG_MS = 200;
const LOOKS_AFTER_SWITCH = 15;
/** What the person decided. */
const DECIDED = ['wallet_rejected', 'cancelled'];

/**
 * The wallet's chain when it is one of ours; else it is asked to switch to the first of ours. Some say for a
 * while after it that nothing has changed.
 * @param {Provider} provider @param {readonly number[]} chainIds
 * @param {{ signal: AbortSignal | undefined, onStep: (sentence: string) => void, lagMs: number }} options
 */
async function chainOf(provider, chainIds, { signal, onStep, lagMs }) {
  const now = chainNumber(await ask(provider, 'eth_chainId', [], signal));
  if (chainIds.includes(now)) return now;
  const [wanted = 1] = chainIds;
  onStep(`Check your wallet: it is asking to switch to ${networkName(wanted)}.`);
  try {
    await ask(provider, 'wallet_switchEthereumChain', [{ chainId: `0x${wanted.toString(16)}` }], signal);
  } catch (problem) {
    const isDecided = problem instanceof IdentityProblem && DECIDED.includes(problem.code);
    throw isDecided ? problem : wrongChain(now, chainIds);
  }
  for (let looks = 0; looks < LOOKS_AFTER_SWITCH; looks++) {
    if (chainNumber(await ask(provider, 'eth_chainId', [], signal)) === wanted) return wanted;
    await new Promise((resolve) => setTimeout(resolve, lagMs));
  }
  throw wrongChain(now, chainIds);
}

/** @param {unknown} value */
const chainNumber = (value) =>
  typeof value === 'string' && /^(?:0x[0-9a-f]{1,13}|\d{1,15})$/i.test(value)
    ? Number(value)
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? value
      : Number.NaN;

/** @param {number} now @param {readonly number[]} chainIds */
const wrongChain = (now, chainIds) =>
  new IdentityProblem(
    'wrong_chain',
    `Your wallet is on ${networkName(now)}. Switch it to ` +
      `${chainIds.map(networkName).join(' or ')} and try again.`,
  );

/** @type {Readonly<Record<number, string>>} */
const NETWORKS = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  56: 'BNB Chain',
  100: 'Gnosis',
  137: 'Polygon',
  8453: 'Base',
  42161: 'Arbitrum One',
  43114: 'Avalanche',
  84532: 'Base Sepolia',
  11155111: 'Sepolia',
};
/** @param {number} chainId */
const networkName = (chainId) =>
  NETWORKS[chainId] ??
  (Number.isNaN(chainId) ? 'an unnamed network' : `the network with chain id ${chainId}`);

/**
 * 65 bytes, or the compact 64; what is longer, or empty, comes from a contract, which signs for nobody here.
 * @param {unknown} signature
 */
function checkSignature(signature) {
  const digits = typeof signature === 'string' ? /^(?:0x)?([0-9a-f]*)$/i.exec(signature)?.[1] : undefined;
  if (digits === undefined) throw new IdentityProblem('wallet_failed');
  if (![128, 130].includes(digits.length)) throw new IdentityProblem('contract_wallet');
}

/** @param {string} text the UTF-8 bytes as 0x and hex, which every wallet takes for `personal_sign` */
const hexOf = (text) =>
  `0x${Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
