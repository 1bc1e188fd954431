/** A sign-in text that a wallet was asked to sign: enough to write the text again. Times are UTC epoch ms. */
export interface Challenge {
  /** 128 random bits, hex; the nonce of the text. */
  readonly id: string;
  /** EIP-55. */
  readonly address: string;
  readonly chainId: number;
  readonly publicKey: string;
  readonly issuedAt: number;
}

export interface ChallengeRules {
  readonly lifeMs: number;
  readonly triesMax: number;
}

interface Waiting {
  readonly challenge: Challenge;
  /** Null for a program, which has no cookies. */
  readonly preHash: string | null;
  readonly client: string;
  triesLeft: number;
}

const CHALLENGES_MAX = 20_000;
const PER_CLIENT_MAX = 16;
const ID_BYTES = 16;

/**
 * Sign-in texts that wait for their signature. Each is good once, for a few minutes and a few tries, and for the browser that asked. Past its own share
 * a client loses its oldest one and nobody else's; past the bound of all the oldest of all goes.
 */
export class ChallengeBook {
  readonly #waiting = new Map<string, Waiting>();
  readonly #perClient = new Map<string, Set<string>>();

  constructor(
    private readonly rules: ChallengeRules,
    private readonly random: (bytes: number) => Uint8Array,
    private readonly challengesMax: number = CHALLENGES_MAX,
    private readonly perClientMax: number = PER_CLIENT_MAX,
  ) {}

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * `pre` is the secret in the browser's cookie, null for a program. `client` is the address that limits count by: not the wallet, or anyone could push
   * out the owner's.
   */
  issue(request: Omit<Challenge, 'id' | 'issuedAt'>, pre: string | null, client: string, now: number): Challenge {
    this.#expire(now);
    const own = this.#perClient.get(client) ?? new Set();
    if (own.size >= this.perClientMax) this.#drop(first(own)!);
    if (this.#waiting.size >= this.challengesMax) this.#drop(first(this.#waiting.keys())!);
    const challenge: Challenge = { ...request, id: Buffer.from(this.random(ID_BYTES)).toString('hex'), issuedAt: now };
    this.#waiting.set(challenge.id, { challenge, preHash: pre === null ? null : hashOf(pre), client, triesLeft: this.rules.triesMax });
    this.#perClient.set(client, own.add(challenge.id));
    return challenge;
  }

  /**
   * One try. `pre` is what the caller's cookie holds, null without one.
   * @returns null when the challenge is unknown, used, too old, out of tries or another browser's.
   */
  attempt(id: string, pre: string | null, now: number): Challenge | null {
    this.#expire(now);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.triesLeft === 0) return null;
    waiting.triesLeft--;
    return (pre === null ? null : hashOf(pre)) === waiting.preHash ? waiting.challenge : null;
  }

  /** When a challenge ends, used or not: UTC epoch ms. */
  expiryOf(challenge: Challenge): number {
    return challenge.issuedAt + this.rules.lifeMs;
  }

  /** Uses the challenge up. @returns false when somebody else did so first, or time did: of two right answers one counts. */
  consume(id: string): boolean {
    return this.#drop(id);
  }

  /** All live equally long, so insertion order is expiry order. */
  #expire(now: number): void {
    for (const [id, { challenge }] of this.#waiting) {
      if (now - challenge.issuedAt < this.rules.lifeMs) return;
      this.#drop(id);
    }
  }

  #drop(id: string): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return false;
    this.#waiting.delete(id);
    const own = this.#perClient.get(waiting.client)!;
    own.delete(id);
    if (own.size === 0) this.#perClient.delete(waiting.client);
    return true;
  }
}

const first = <Value>(values: Iterable<Value>): Value | undefined => values[Symbol.iterator]().next().value;

/** Secrets are compared by their hashes, so that the time of the comparison says nothing about them. */
const hashOf = (secret: string): string => new Bun.CryptoHasher('sha256').update(secret).digest('hex');
