import { signedText } from '../game/tap.ts';
import { SessionKeys } from '../identity/session-key.ts';
import type { CheckSignature } from '../link/remote-orders.ts';

/** Signatures of orders that one edge looks at at once, a fraction of a second's work. */
const LOOKED_AT_MAX = 2_000;

/** Looks at the signatures of orders on the threads of this edge. @param origin that signed texts name. */
export function orderSignatures(origin: string): CheckSignature {
  const keys = new SessionKeys();
  let underWay = 0;
  return (order, session) => {
    if (underWay >= LOOKED_AT_MAX) return null;
    underWay += 1;
    const text = signedText(origin, session.id, order);
    return keys.verify(session.publicKey, text, order.signature).finally(() => void (underWay -= 1));
  };
}
