const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BASE64URL = { alphabet: 'base64url' } as const;

/**
 * Canonical base64url without padding to exactly `size` bytes.
 * @returns null for any other length, alphabet or for spare bits that are not zero, so that one value has one
 *   spelling.
 */
export function decodeBase64url(text: string, size: number): Uint8Array<ArrayBuffer> | null {
  if (text.length !== Math.ceil((size * 4) / 3)) return null;
  const spareBits = text.length * 6 - size * 8;
  if (ALPHABET.indexOf(text.at(-1)!) % (1 << spareBits) !== 0) return null;
  try {
    // White space inside is passed over: then there are too few bytes.
    const bytes = Uint8Array.fromBase64(text, BASE64URL);
    return bytes.length === size ? bytes : null;
  } catch {
    return null;
  }
}

export const encodeBase64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
