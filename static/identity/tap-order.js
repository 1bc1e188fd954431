import { sign as signForSession } from './session-key.js';

/** Time that an order has to arrive, unless the page says otherwise; the server takes at most 30 s. */
const DEADLINE_AHEAD_MS = 10_000;

/**
 * The text that the session key signs, the same as on the server: origin, session, nonce, deadline, then one
 * line a tap. Every line ends with a line feed.
 * @param {string} origin @param {string} sessionId
 * @param {{ nonce: string, deadline: number, taps: readonly { cell: string, stake: number, multiplier:
 *   number, revision: number }[] }} order
 */
export function signedText(origin, sessionId, { nonce, deadline, taps }) {
  const lines = taps.map((tap) => `${tap.cell} ${tap.stake} ${tap.multiplier} ${tap.revision}\n`);
  return `tapgrid-tap-v1\n${origin}\n${sessionId}\n${nonce}\n${deadline}\n${lines.join('')}`;
}

/**
 * An order of up to 16 taps under one signature, as the server takes it. To ask again about an order whose
 * answer was lost, send the same object again.
 * @param {{ origin: string, sessionId: string, taps: readonly { cell: string, stake: number, multiplier:
 *   number, revision: number }[], deadline?: number, serverTimeOffset?: number }} order
 *   `origin` is the public origin that the page was rendered with; stakes in micro-dollars, multipliers in
 * hundredths; `serverTimeOffset` is server time − browser time in ms
 * @param {(text: string, sessionId: string) => Promise<string>} [sign]
 * @throws {import('./problem.js').IdentityProblem} no_key, no_storage
 */
export async function signOrder(
  { origin, sessionId, taps, deadline, serverTimeOffset = 0 },
  sign = signForSession,
) {
  const order = {
    nonce: crypto.randomUUID(),
    deadline: deadline ?? Math.round(Date.now() + serverTimeOffset) + DEADLINE_AHEAD_MS,
    taps: taps.map(({ cell, stake, multiplier, revision }) => ({ cell, stake, multiplier, revision })),
  };
  return { ...order, signature: await sign(signedText(origin, sessionId, order), sessionId) };
}
