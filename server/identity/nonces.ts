/** Longer than any deadline may be ahead; the ledger's unique index is the last word after that. */
export const NONCE_KEPT_MS = 90_000;
const NONCES_MAX = 500_000;
/** 20 taps/s, each its own order, for the whole time that a nonce is kept, and half as much again. */
const NONCES_PER_ACCOUNT_MAX = 2_700;

/** `first`: the caller answers, and says so by `keep` or, when nothing was decided, `release`. `replay`: that answer, at once or as soon as it is there. */
export type NonceClaim<Answer> =
  | { readonly kind: 'first'; keep(answer: Promise<Answer>): void; release(): void }
  | { readonly kind: 'replay'; readonly answer: Promise<Answer> }
  | { readonly kind: 'reused' }
  | { readonly kind: 'busy' };

interface Seen<Answer> {
  readonly accountId: string;
  readonly contentHash: string;
  readonly until: number;
  readonly answer: Promise<Answer>;
}

/**
 * The nonces that each account used in the last 90 s and what was answered. A nonce with other content is `reused`; when the book is full it says
 * `busy` and forgets nothing, since a forgotten nonce would be a repeated order that only the ledger could stop.
 */
export class NonceBook<Answer> {
  readonly #seen = new Map<string, Seen<Answer>>();
  readonly #perAccount = new Map<string, number>();

  constructor(
    private readonly nonceMax: number = NONCES_MAX,
    private readonly perAccountMax: number = NONCES_PER_ACCOUNT_MAX,
    private readonly keptMs: number = NONCE_KEPT_MS,
  ) {}

  get size(): number {
    return this.#seen.size;
  }

  /** `content` is all that the nonce stands for: the signed text. An answer whose promise is rejected releases the nonce by itself. */
  claim(accountId: string, nonce: string, content: string, now: number): NonceClaim<Answer> {
    this.#expire(now);
    const key = `${accountId} ${nonce}`;
    const contentHash = new Bun.CryptoHasher('sha256').update(content).digest('base64');
    const seen = this.#seen.get(key);
    if (seen !== undefined) return seen.contentHash === contentHash ? { kind: 'replay', answer: seen.answer } : { kind: 'reused' };
    const count = this.#perAccount.get(accountId) ?? 0;
    if (this.#seen.size >= this.nonceMax || count >= this.perAccountMax) return { kind: 'busy' };
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    promise.catch(() => this.#drop(key, entry));
    const entry: Seen<Answer> = { accountId, contentHash, until: now + this.keptMs, answer: promise };
    this.#seen.set(key, entry);
    this.#perAccount.set(accountId, count + 1);
    return {
      kind: 'first',
      keep: (answer) => void answer.then(resolve, reject),
      release: () => {
        this.#drop(key, entry);
        reject(new NonceReleased());
      },
    };
  }

  /** Insertion order is expiry order, so only what has expired is looked at. */
  #expire(now: number): void {
    for (const [key, entry] of this.#seen) {
      if (entry.until > now) return;
      this.#drop(key, entry);
    }
  }

  #drop(key: string, entry: Seen<Answer>): void {
    if (this.#seen.get(key) !== entry) return;
    this.#seen.delete(key);
    const left = this.#perAccount.get(entry.accountId)! - 1;
    if (left === 0) this.#perAccount.delete(entry.accountId);
    else this.#perAccount.set(entry.accountId, left);
  }
}

/** Whoever waited for an answer that was never made: the order may be sent again. */
export class NonceReleased extends Error {
  override readonly name = 'NonceReleased';

  constructor() {
    super('the first order with this nonce was not decided');
  }
}
