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
