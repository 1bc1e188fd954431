import { signedText, type SignedTaps } from '../../server/game/tap.ts';
import { OPTIONS } from './house-settings.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SHA256_SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** The keys of the traders' sessions, which do not follow from the seed. */
export class SessionKeys {
  readonly #keys = new Map<string, CryptoKey>();

  /** Makes the key of a session. @returns its public half, as the session has it */
  async make(sessionId: string): Promise<string> {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
    this.#keys.set(sessionId, privateKey);
    return Buffer.from(await crypto.subtle.exportKey('raw', publicKey)).toString('base64url');
  }

  /** The order signed by its session; as it is where that has no key. */
  async signed(order: SignedTaps, sessionId: string): Promise<SignedTaps> {
    const key = this.#keys.get(sessionId);
    if (key === undefined) return order;
    const text = new TextEncoder().encode(signedText(OPTIONS.origin, sessionId, order));
    const signature = await crypto.subtle.sign(SHA256_SIGNATURE, key, text);
    return { ...order, signature: Buffer.from(signature).toString('base64url') };
  }
}
