import type { CellId } from './grid.ts';
import type { Micros, Multiplier } from './money.ts';

/** What a trader orders on one cell: the stake, and the multiplier and grid revision that he saw. */
export interface Tap {
  readonly cell: CellId;
  readonly stake: Micros;
  readonly multiplier: Multiplier;
  readonly revision: number;
}

/**
 * Up to 16 taps under one signature of the session key. `nonce` is a UUID and the idempotency key, `deadline`
 * UTC epoch ms, `signature` base64url of r‖s.
 */
export interface SignedTaps {
  readonly nonce: string;
  readonly deadline: number;
  readonly taps: readonly Tap[];
  readonly signature: string;
}

/** Of those that taps name. */
export const oldestRevision = (taps: readonly Pick<Tap, 'revision'>[]): number =>
  taps.reduce((oldest, { revision }) => Math.min(oldest, revision), Infinity);

/** The UTF-8 text that the session key signs. Every line ends with `\n`. */
export function signedText(
  origin: string,
  sessionId: string,
  order: Pick<SignedTaps, 'nonce' | 'deadline' | 'taps'>,
): string {
  const lines = order.taps.map((tap) => `${tap.cell} ${tap.stake} ${tap.multiplier} ${tap.revision}\n`);
  return `tapgrid-tap-v1\n${origin}\n${sessionId}\n${order.nonce}\n${order.deadline}\n${lines.join('')}`;
}

/**
 * What is said of an order whose signature does not verify: the origin, the scheme, the text up to the taps,
 * the encoding.
 */
export const signatureExpected = (origin: string, sessionId: string): string =>
  `The signature does not match the session key. Expected for the origin ${origin}: ` +
  'ECDSA P-256 with SHA-256 over the UTF-8 text ' +
  `"tapgrid-tap-v1\\n${origin}\\n${sessionId}\\n<nonce>\\n<deadline>\\n" and "<cell> <stake> ` +
  `<multiplier> <revision>\\n" for each tap, with the values of the message; ` +
  'sent as the 64 raw bytes r‖s in base64url without padding.';
