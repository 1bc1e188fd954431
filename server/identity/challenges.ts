import { createHmac, timingSafeEqual } from 'node:crypto';
import { Recency } from './recency.ts';

/**
 * What a text is to be signed for: enough to write it again. `wallet`: an Ethereum account hands taps to a
 * key. `return`: a key that an account had before hands it to a new one.
 */
export type Purpose =
  | {
      readonly kind: 'wallet' /** EIP-55. */;
      readonly address: string;
      readonly chainId: number;
      readonly publicKey: string;
    }
  | {
      readonly kind: 'return';
      readonly accountId: string;
      readonly registeredKey: string;
      readonly publicKey: string;
    };

/** A text that somebody was asked to sign. */
export type Challenge<Kind extends Purpose['kind'] = Purpose['kind']> = Extract<Purpose, { kind: Kind }> & {
  /** 128 random bits, hex; the nonce of the text. */
  readonly nonce: string;
  /** UTC epoch ms. */
  readonly issuedAt: number;
};

export interface ChallengeRules {
  readonly lifeMs: number;
  readonly triesMax: number;
}

const NONCE_BYTES = 16;
const SECRET_BYTES = 32;
/** SHA-256 as base64url. */
const SEAL_LENGTH = 43;
/** Challenges that somebody has tried to answer, remembered until they end. */
const TRIED_MAX = 20_000;

/** Longest id of a challenge, letters. */
export const CHALLENGE_ID_LENGTH_MAX = 640;

/**
 * Texts that wait for their signature, kept by those who asked: the id that is given out holds all of it
 * under a seal, so nobody can push out the text of another. Each is good once, for a few minutes and a few
 * tries, and for the browser that asked.
 *
 * Only what was tried is remembered here. Past the bound the one tried longest ago is forgotten and has its
 * tries anew, which wins nobody a signature; and a challenge that was used stays used, for it names a key,
 * and the ledger registers a key once, ever. The secret lives as long as the engine runs and is the same in
 * all edges, any of which may be answered; each remembers the tries that were made with it.
 */
export class Challenges {
  /** Tries that are left, by nonce; none once it was used. */
  readonly #tried = new Recency<{ triesLeft: number; readonly issuedAt: number }>();

  constructor(
    private readonly rules: ChallengeRules,
    private readonly random: (bytes: number) => Uint8Array,
    private readonly triedMax: number = TRIED_MAX,
    private readonly secret: () => string = oneSecret(random),
  ) {}

  /** Challenges that are remembered. */
  get size(): number {
    return this.#tried.size;
  }

  /** `pre` is the secret in the browser's cookie, null for a program. `id` is what the answer has to name. */
  issue<Kind extends Purpose['kind']>(
    purpose: Extract<Purpose, { kind: Kind }>,
    pre: string | null,
    now: number,
  ): { readonly id: string; readonly challenge: Challenge<Kind> } {
    const challenge = {
      ...purpose,
      nonce: Buffer.from(this.random(NONCE_BYTES)).toString('hex'),
      issuedAt: now,
    } as Challenge<Kind>;
    const content = Buffer.from(JSON.stringify(challenge)).toString('base64url');
    return { id: this.#seal(content, pre) + content, challenge };
  }

  /**
   * One try. `pre` is what the caller's cookie holds, null without one.
   * @returns null when the challenge is none of ours, for something else, another browser's, used, too old or
   *   out of tries.
   */
  attempt<Kind extends Purpose['kind']>(
    kind: Kind,
    id: string,
    pre: string | null,
    now: number,
  ): Challenge<Kind> | null {
    const challenge = this.#open(id, pre);
    if (challenge === null || challenge.kind !== kind || now >= this.expiryOf(challenge)) return null;
    const tried = this.#remember(challenge, now);
    if (tried.triesLeft <= 0) return null;
    tried.triesLeft--;
    return challenge as Challenge<Kind>;
  }

  /** When a challenge ends, used or not: UTC epoch ms. */
  expiryOf({ issuedAt }: Challenge): number {
    return issuedAt + this.rules.lifeMs;
  }

  /**
   * Uses one up whose answer was right. @returns false when somebody else did so first: of two right answers
   * one counts.
   */
  consume({ nonce }: Challenge): boolean {
    const tried = this.#tried.peek(nonce);
    if (tried === undefined) return true;
    if (tried.triesLeft === USED) return false;
    tried.triesLeft = USED;
    return true;
  }

  #remember({ nonce, issuedAt }: Challenge, now: number): { triesLeft: number } {
    const known = this.#tried.touch(nonce);
    if (known !== undefined) return known;
    for (
      let oldest = this.#tried.oldest;
      oldest !== null &&
      (this.#tried.size >= this.triedMax || now >= oldest.value.issuedAt + this.rules.lifeMs);
      oldest = this.#tried.oldest
    )
      this.#tried.delete(oldest.key);
    const tried = { triesLeft: this.rules.triesMax, issuedAt };
    this.#tried.set(nonce, tried);
    return tried;
  }

  /** What it holds is believed only behind its seal. */
  #open(id: string, pre: string | null): Challenge | null {
    if (id.length > CHALLENGE_ID_LENGTH_MAX) return null;
    const content = id.slice(SEAL_LENGTH);
    const [shown, right] = [Buffer.from(id.slice(0, SEAL_LENGTH)), Buffer.from(this.#seal(content, pre))];
    return shown.length === right.length && timingSafeEqual(shown, right)
      ? (JSON.parse(Buffer.from(content, 'base64url').toString()) as Challenge)
      : null;
  }

  #seal(content: string, pre: string | null): string {
    return createHmac('sha256', this.secret())
      .update(`tapgrid-challenge-v1\n${pre ?? ''}\n${content}`)
      .digest('base64url');
  }
}

/** Where there is one process alone. */
function oneSecret(random: (bytes: number) => Uint8Array): () => string {
  const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url');
  return () => secret;
}

/** Tries that are left of a challenge that was used. */
const USED = -1;
