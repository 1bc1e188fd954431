import { IdentityProblem } from './problem.js';

/**
 * One request to a wallet. What it answers too late is dropped.
 * @param {import('./wallet-discovery.js').Provider} provider
 * @param {string} method
 * @param {unknown[]} [params]
 * @param {AbortSignal} [signal] ends the wait: many wallets never answer a window that was closed
 * @throws {IdentityProblem} cancelled, wallet_rejected, wallet_locked, wallet_disconnected, wallet_failed
 */
export async function ask(provider, method, params = [], signal) {
  const cancelled = () => new IdentityProblem('cancelled');
  if (signal?.aborted) throw cancelled();
  let stop = () => {};
  const stopped = new Promise((_, reject) => {
    stop = () => reject(cancelled());
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([provider.request({ method, params }), stopped]);
  } catch (error) {
    throw error instanceof IdentityProblem ? error : new IdentityProblem(codeOf(error));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const LOCKED = [4100, -32002];
const DISCONNECTED = [4900, 4901];
/** EIP-1193, WalletConnect, ethers. */
const REJECTED = [4001, 5000, 5001, 5002, 5003, 'ACTION_REJECTED'];
const REJECTED_IN_WORDS = /\b(?:reject|denied|deny|declin|cancel|refus|disapprov)/i;
const NESTS = ['cause', 'error', 'data', 'originalError', 'info'];
const DEPTH_MAX = 4;

/**
 * Wallets wrap what their person decided into errors of their own, with the code or only the words somewhere
 * inside.
 * @param {unknown} error
 */
function codeOf(error) {
  const all = [...layers(error)];
  /** @param {unknown[]} codes */
  const says = (codes) => all.some(({ code }) => codes.includes(code) || codes.includes(Number(code)));
  if (says(REJECTED)) return 'wallet_rejected';
  if (says(LOCKED)) return 'wallet_locked';
  if (says(DISCONNECTED)) return 'wallet_disconnected';
  return all.some(({ message }) => typeof message === 'string' && REJECTED_IN_WORDS.test(message))
    ? 'wallet_rejected'
    : 'wallet_failed';
}

/**
 * An error and what it carries.
 * @typedef {{ code?: unknown, message?: unknown }} Layer
 * @param {unknown} error @returns {Generator<Layer>}
 */
function* layers(error, depth = 0) {
  if (typeof error === 'string') yield { message: error };
  if (typeof error !== 'object' || error === null || depth > DEPTH_MAX) return;
  yield error;
  for (const nest of NESTS) yield* layers(/** @type {Record<string, unknown>} */ (error)[nest], depth + 1);
}
