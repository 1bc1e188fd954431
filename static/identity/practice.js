import { postJson } from './server-call.js';
import * as sessionKeys from './session-key.js';

/**
 * "Try it": a new account with play money, for a new key of this browser. The session comes as a cookie.
 * @param {{ keys?: typeof sessionKeys, post?: typeof postJson }} [parts]
 * @returns {Promise<{ account: { id: string, currency: string, balance: number }, session: { id: string, expiresAt: number } }>}
 * @throws {import('./problem.js').IdentityProblem}
 */
export async function startPractice({ keys = sessionKeys, post = postJson } = {}) {
  const pair = await keys.createKey();
  const { account, session } = await post('/api/v1/practice', { publicKey: await keys.publicKeyText(pair) });
  await keys.keepKey(pair, session.id);
  return { account, session };
}
