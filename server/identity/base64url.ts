/**
 * Canonical base64url without padding to exactly `size` bytes.
 * @returns null for any other length, alphabet or for spare bits that are not zero, so that one value has one spelling.
 */
export function decodeBase64url(text: string, size: number): Uint8Array<ArrayBuffer> | null {
  if (text.length !== Math.ceil((size * 4) / 3)) return null;
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  return bytes.length === size && encodeBase64url(bytes) === text ? bytes : null;
}

export const encodeBase64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
