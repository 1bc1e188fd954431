import type { CellId } from './grid.ts';
import type { Micros, Multiplier } from './money.ts';

/** What a trader orders on one cell: the stake, and the multiplier and grid revision that he saw. */
export interface Tap {
  readonly cell: CellId;
  readonly stake: Micros;
  readonly multiplier: Multiplier;
  readonly revision: number;
}

/** Up to 16 taps under one signature of the session key. `nonce` is a UUID and the idempotency key, `deadline` UTC epoch ms, `signature` base64url of r‖s. */
export interface SignedTaps {
  readonly nonce: string;
  readonly deadline: number;
  readonly taps: readonly Tap[];
  readonly signature: string;
}

/** The UTF-8 text that the session key signs. Every line ends with `\n`. */
export function signedText(origin: string, sessionId: string, order: Pick<SignedTaps, 'nonce' | 'deadline' | 'taps'>): string {
  const lines = order.taps.map((tap) => `${tap.cell} ${tap.stake} ${tap.multiplier} ${tap.revision}\n`);
  return `tapgrid-tap-v1\n${origin}\n${sessionId}\n${order.nonce}\n${order.deadline}\n${lines.join('')}`;
}

const NONCE = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SIGNATURE = /^[A-Za-z0-9_-]{86}$/;
/** No blank and no line break, or one signed text could be read as two different orders. */
const CELL_CHARACTERS = /^[0-9.]{1,48}$/;

/**
 * Reads an order that came from outside.
 * @returns null unless it has exactly the right fields with values inside their bounds; of the cell ids only length and characters are checked here.
 */
export function readSignedTaps(value: unknown, tapsMax: number): SignedTaps | null {
  if (!isRecord(value)) return null;
  const { nonce, deadline, taps, signature } = value;
  if (typeof nonce !== 'string' || !NONCE.test(nonce)) return null;
  if (!isCount(deadline)) return null;
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) return null;
  if (!Array.isArray(taps) || taps.length === 0 || taps.length > tapsMax) return null;
  const read: Tap[] = [];
  for (const tap of taps) {
    const one = readTap(tap);
    if (one === null) return null;
    read.push(one);
  }
  return { nonce, deadline, taps: read, signature };
}

function readTap(value: unknown): Tap | null {
  if (!isRecord(value)) return null;
  const { cell, stake, multiplier, revision } = value;
  if (typeof cell !== 'string' || !CELL_CHARACTERS.test(cell)) return null;
  if (!isCount(stake) || stake === 0 || !isCount(multiplier) || multiplier > 1_000_000 || !isCount(revision)) return null;
  return { cell: cell as CellId, stake: stake as Micros, multiplier: multiplier as Multiplier, revision };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
