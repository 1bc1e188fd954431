import type { CellId } from '../../server/game/grid.ts';
import { signedText, type SignedTaps } from '../../server/game/tap.ts';
import type { Offer } from './grid.ts';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SCHEME = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DEADLINE_MS = 29_000;

/** An account with its session key. It taps each cell once. */
export class Trader {
  readonly #tapped = new Set<CellId>();

  private constructor(
    private readonly keys: CryptoKeyPair,
    private readonly origin: string,
    private readonly sessionId: string,
    readonly token: string,
    readonly accountId: string,
  ) {}

  /** @throws Error when the server opens no account. */
  static async open(origin: string): Promise<Trader> {
    const keys = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url');
    const response = await fetch(`${origin}/api/v1/practice`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ publicKey }),
    });
    if (response.status !== 201) throw new Error(`no account: ${response.status} ${await response.text()}`);
    const { account, session, token } = (await response.json()) as {
      account: { id: string };
      session: { id: string };
      token: string;
    };
    return new Trader(keys, origin, session.id, token, account.id);
  }

  /**
   * A signed order over the next `taps` cells that this trader has not tapped yet; null when there are not
   * enough.
   */
  async order(offers: readonly Offer[], taps: number): Promise<SignedTaps | null> {
    const chosen: Offer[] = [];
    for (const offer of offers) {
      if (chosen.length === taps) break;
      if (!this.#tapped.has(offer.cell)) chosen.push(offer);
    }
    if (chosen.length < taps) return null;
    for (const { cell } of chosen) this.#tapped.add(cell);
    const unsigned = { nonce: crypto.randomUUID(), deadline: Date.now() + DEADLINE_MS, taps: chosen };
    const signature = await crypto.subtle.sign(
      SCHEME,
      this.keys.privateKey,
      Buffer.from(signedText(this.origin, this.sessionId, unsigned)),
    );
    return { ...unsigned, signature: Buffer.from(signature).toString('base64url') };
  }
}
