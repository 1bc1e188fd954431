import { IdentityProblem } from './problem.js';
import { postJson } from './server-call.js';
import * as sessionKeys from './session-key.js';

/**
 * "Try it": a new account with play money, for a new key of this browser. The session comes as a cookie.
 * @param {{ keys?: typeof sessionKeys, post?: typeof postJson }} [parts]
 * @returns {Promise<{ account: { id: string, currency: string, balance: number }, session: { id: string,
 *   expiresAt: number } }>}
 * @throws {import('./problem.js').IdentityProblem}
 */
export async function startPractice({ keys = sessionKeys, post = postJson } = {}) {
  const pair = await keys.createKey();
  const { account, session } = await post('/api/v1/practice', { publicKey: await keys.publicKeyText(pair) });
  await keys.keepPracticeKey(pair, account.id);
  await keys.keepKey(pair, session.id, account.id);
  return { account, session };
}

/**
 * The practice account that this browser has a key of, or null. `wasLast`: it was the one that was signed in
 * last, and did not sign out.
 * @typedef {{ accountId: string, sessionId: string | undefined, wasLast: boolean }} Kept
 * @returns {Promise<Kept | null>}
 */
export async function practiceKept(keys = sessionKeys) {
  const practice = await keys.loadPracticeKey();
  if (practice === null) return null;
  const last = await keys.lastSession();
  return {
    accountId: practice.accountId,
    sessionId: last?.sessionId,
    wasLast: last?.accountId === practice.accountId,
  };
}

/**
 * Back into the practice account: its key signs for a new one.
 * @param {{ keys?: typeof sessionKeys, post?: typeof postJson }} [parts]
 * @returns {Promise<{ account: { id: string, currency: string, balance: number }, session: { id: string,
 *   expiresAt: number }, away: import('../session/comeback.js').Away }>}
 * @throws {import('./problem.js').IdentityProblem} practice_gone where the account does not come back any
 *   more; its key is forgotten then
 */
export async function comeBack({ keys = sessionKeys, post = postJson } = {}) {
  const practice = await keys.loadPracticeKey();
  if (practice === null) throw new IdentityProblem('practice_gone');
  const pair = await keys.createKey();
  const [registeredKey, publicKey] = [
    await keys.publicKeyText(practice.pair),
    await keys.publicKeyText(pair),
  ];
  const { challengeId, message } = await post('/api/v1/practice/return/challenge', {
    account: practice.accountId,
    registeredKey,
    publicKey,
  });
  // Whatever the server sends, this key signs no order here.
  if (!message.startsWith('tapgrid-return-v1\n')) throw new IdentityProblem('server_failed');
  const [signature, proof] = [
    await keys.signWith(practice.pair, message),
    await keys.signWith(pair, `tapgrid-login-v1\n${challengeId}\n${message}`),
  ];
  try {
    const { account, session, away } = await post('/api/v1/practice/return', {
      challengeId,
      signature,
      proof,
    });
    await keys.keepKey(pair, session.id, account.id);
    return { account, session, away };
  } catch (problem) {
    if (!(problem instanceof IdentityProblem) || problem.code !== 'login_failed') throw problem;
    await keys.forgetKey();
    throw new IdentityProblem('practice_gone');
  }
}
