import { readSignedTaps, type SignedTaps } from '../game/tap.ts';

/** All that a socket may say. */
export type Inbound = { readonly type: 'taps'; readonly order: SignedTaps } | { readonly type: 'snapshot' };

/** @returns what a frame says, or null for what is no text of JSON. */
export function parsed(frame: string | Uint8Array): unknown {
  if (typeof frame !== 'string') return null;
  try {
    return JSON.parse(frame);
  } catch {
    return null;
  }
}

/**
 * Reads what a frame says.
 * @returns null for everything that is not of the closed list.
 */
export function readInbound(value: unknown, tapsMax: number): Inbound | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return null;
  const { type } = value as Record<string, unknown>;
  if (type === 'snapshot') return { type };
  if (type !== 'taps') return null;
  const order = readSignedTaps(value, tapsMax);
  return order && { type, order };
}
