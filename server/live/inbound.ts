import { readSignedTaps, type SignedTaps } from '../game/tap.ts';

/** All that a socket may say. */
export type Inbound = { readonly type: 'taps'; readonly order: SignedTaps } | { readonly type: 'snapshot' };

/**
 * Reads a frame as the socket layer hands it over: JSON already parsed, text and bytes as they came.
 * @returns null for everything that is not of the closed list.
 */
export function readInbound(value: unknown, tapsMax: number): Inbound | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return null;
  const { type, ...rest } = value as Record<string, unknown>;
  if (type === 'snapshot') return { type };
  if (type !== 'taps') return null;
  const order = readSignedTaps(rest, tapsMax);
  return order && { type, order };
}
