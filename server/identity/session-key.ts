import { decodeBase64url } from './base64url.ts';
import { Recency } from './recency.ts';

const PUBLIC_KEY_BYTES = 65;
const SIGNATURE_BYTES = 64;
const UNCOMPRESSED_POINT = 4;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SCHEME = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** Keys that stay imported; an import costs about as much as a verification. */
const IMPORTED_KEYS_MAX = 20_000;

/**
 * Reads the public half of a session key: canonical base64url of 65 raw bytes, an uncompressed point of P-256
 * that lies on the curve.
 * @returns null for anything else.
 */
export async function importSessionKey(publicKey: string): Promise<CryptoKey | null> {
  const raw = decodeBase64url(publicKey, PUBLIC_KEY_BYTES);
  if (raw === null || raw[0] !== UNCOMPRESSED_POINT) return null;
  try {
    return await crypto.subtle.importKey('raw', raw, CURVE, false, ['verify']);
  } catch {
    return null;
  }
}

const UTF8 = new TextEncoder();

/**
 * ECDSA P-256 with SHA-256 over the UTF-8 bytes of `text`, on WebCrypto's threads. `signature` is canonical
 * base64url of the 64 bytes r‖s (IEEE P1363). Both (r, s) and (r, n − s) verify, so signature bytes never
 * identify an order.
 */
export const verifySignature = (key: CryptoKey, text: string, signature: string): Promise<boolean> =>
  verifyBytes(key, UTF8.encode(text), signature);

/** The same over bytes that need not be text. */
export function verifyBytes(
  key: CryptoKey,
  message: Uint8Array<ArrayBuffer>,
  signature: string,
): Promise<boolean> {
  const raw = decodeBase64url(signature, SIGNATURE_BYTES);
  return raw === null ? Promise.resolve(false) : crypto.subtle.verify(SCHEME, key, raw, message);
}

/** Verifies by public key text and keeps the keys that were used last imported. */
export class SessionKeys {
  readonly #imported = new Recency<CryptoKey>();

  constructor(private readonly keysMax: number = IMPORTED_KEYS_MAX) {}

  get size(): number {
    return this.#imported.size;
  }

  /** @returns null when the text is not a session key; such texts are not remembered. */
  async import(publicKey: string): Promise<CryptoKey | null> {
    const known = this.#imported.touch(publicKey);
    if (known !== undefined) return known;
    const key = await importSessionKey(publicKey);
    if (key === null) return null;
    this.#imported.set(publicKey, key);
    if (this.#imported.size > this.keysMax) this.#imported.delete(this.#imported.oldest!.key);
    return key;
  }

  verify(publicKey: string, text: string, signature: string): Promise<boolean> {
    const known = this.#imported.touch(publicKey);
    return known === undefined
      ? this.#importAndVerify(publicKey, text, signature)
      : verifySignature(known, text, signature);
  }

  async #importAndVerify(publicKey: string, text: string, signature: string): Promise<boolean> {
    const key = await this.import(publicKey);
    return key !== null && verifySignature(key, text, signature);
  }
}
