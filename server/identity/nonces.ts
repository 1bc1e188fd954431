import { hash } from 'node:crypto';
import { Recency } from './recency.ts';

/** Longer than any deadline may be ahead; the ledger's unique index is the last word after that. */
export const NONCE_KEPT_MS = 90_000;
const NONCES_MAX = 500_000;
/** 20 taps/s, each its own order, for the whole time that a nonce is kept, and half as much again. */
const NONCES_PER_ACCOUNT_MAX = 2_700;

/** `first`: the caller owes a `keep` or a `forget`. `replay`: the first answer, at once or as soon as it is there. `full`: no room to remember it. */
export type NonceFinding<Answer> =
  | { readonly kind: 'first' }
  | { readonly kind: 'replay'; readonly answer: Promise<Answer> }
  | { readonly kind: 'reused' }
  | { readonly kind: 'full' };

interface Seen<Answer> {
  readonly accountId: string;
  readonly contentHash: string;
  readonly until: number;
  /** Null until it is kept. */
  answer: Promise<Answer> | null;
  /** Of those who came before that. */
  early: PromiseWithResolvers<Answer> | null;
}

/**
 * The nonces that each account used in the last 90 s and what was answered. When the book is full it says so and forgets nothing, since a forgotten
 * nonce would be a repeated order that only the ledger could stop; nor can one account fill it for the others.
 */
export class NonceBook<Answer> {
  /** The order of first sights is the order in which they expire. */
  readonly #seen = new Recency<Seen<Answer>>();
  readonly #perAccount = new Map<string, number>();

  constructor(
    private readonly noncesMax: number = NONCES_MAX,
    private readonly perAccountMax: number = NONCES_PER_ACCOUNT_MAX,
    private readonly keptMs: number = NONCE_KEPT_MS,
  ) {}

  get size(): number {
    return this.#seen.size;
  }

  /** Whether it was seen and not forgotten. */
  mayKnow(accountId: string, nonce: string): boolean {
    return this.#seen.peek(keyOf(accountId, nonce)) !== undefined;
  }

  /** `content` is all that the nonce stands for: the signed text. From the first sight on the same content waits for the first answer. */
  see(accountId: string, nonce: string, content: string, now: number): NonceFinding<Answer> {
    this.#expire(now);
    const key = keyOf(accountId, nonce);
    const contentHash = hash('sha256', content, 'base64');
    const seen = this.#seen.peek(key);
    if (seen !== undefined) return seen.contentHash === contentHash ? { kind: 'replay', answer: answerOf(seen) } : { kind: 'reused' };
    const count = this.#perAccount.get(accountId) ?? 0;
    if (this.#seen.size >= this.noncesMax || count >= this.perAccountMax) return { kind: 'full' };
    this.#seen.set(key, { accountId, contentHash, until: now + this.keptMs, answer: null, early: null });
    this.#perAccount.set(accountId, count + 1);
    return { kind: 'first' };
  }

  /** The answer to a first sight. */
  keep(accountId: string, nonce: string, answer: Promise<Answer>): void {
    const key = keyOf(accountId, nonce);
    const entry = this.#seen.peek(key);
    if (entry === undefined) return;
    entry.answer = answer;
    if (entry.early !== null) answer.then(entry.early.resolve, entry.early.reject);
    // An order that ended in a failure of ours was not answered: it may be sent again.
    answer.then(undefined, () => this.#drop(key, entry));
  }

  /** Makes the nonce unseen: nothing was decided by it. Who still waits for an answer gets {@link NonceForgotten}. */
  forget(accountId: string, nonce: string): void {
    const key = keyOf(accountId, nonce);
    const entry = this.#seen.peek(key);
    if (entry === undefined) return;
    this.#drop(key, entry);
    if (entry.answer === null) entry.early?.reject(FORGOTTEN);
  }

  #expire(now: number): void {
    for (let first = this.#seen.oldest; first !== null && first.value.until <= now; first = this.#seen.oldest) this.#drop(first.key, first.value);
  }

  #drop(key: string, entry: Seen<Answer>): void {
    if (this.#seen.peek(key) !== entry) return;
    this.#seen.delete(key);
    const left = this.#perAccount.get(entry.accountId)! - 1;
    if (left === 0) this.#perAccount.delete(entry.accountId);
    else this.#perAccount.set(entry.accountId, left);
  }
}

const answerOf = <Answer>(seen: Seen<Answer>): Promise<Answer> => seen.answer ?? (seen.early ??= Promise.withResolvers<Answer>()).promise;

export class NonceForgotten extends Error {
  override readonly name = 'NonceForgotten';

  constructor() {
    super('the first order with this nonce was not decided');
  }
}

/** One for all: where it was made says nothing, and finding that out costs more than the rest of a refusal. */
const FORGOTTEN = new NonceForgotten();

const keyOf = (accountId: string, nonce: string): string => `${accountId} ${nonce}`;
