import { timeoutAfter } from '../page/timeout.js';
import { IdentityProblem } from './problem.js';

const TIMEOUT_MS = 20_000;

/**
 * Posts JSON to our own server and returns the JSON answer.
 * @param {string} path @param {object} body
 * @throws {IdentityProblem} with the server's code and sentence when it refuses, `offline`, or
 *   `server_failed`.
 */
export async function postJson(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      mode: 'same-origin',
      credentials: 'include',
      cache: 'no-store',
      redirect: 'error',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: timeoutAfter(TIMEOUT_MS),
    });
  } catch {
    throw new IdentityProblem('offline');
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  const { code, message } = answer?.error ?? {};
  if (typeof code !== 'string' || typeof message !== 'string') throw new IdentityProblem('server_failed');
  throw new IdentityProblem(code, message);
}
