import { Failure } from '../ports/failure.ts';
import type { LocalNonces, NonceFinding } from '../ports/nonces.ts';
import { LinkedList, type Linked } from './linked-list.ts';

/** Longer than any deadline may be ahead; the ledger's unique index is the last word after that. */
const NONCE_KEPT_MS = 90_000;
const NONCES_MAX = 500_000;
/** 20 taps/s, each its own order, for the whole time that a nonce is kept, and half as much again. */
const NONCES_PER_ACCOUNT_MAX = 2_700;

interface Seen<Answer> extends Linked<Seen<Answer>> {
  readonly accountId: string;
  readonly nonce: string;
  /**
   * 64 bits: a trader who makes two of their own orders collide gets the first one's answer for the second.
   */
  readonly contentHash: bigint;
  readonly until: number;
  /** Null until it is kept. */
  answer: Promise<Answer> | null;
  /** Of those who came before that. */
  early: PromiseWithResolvers<Answer> | null;
}

/**
 * The nonces that each account used in the last 90 s and what was answered. When the book is full it says so
 * and forgets nothing, since a forgotten nonce would be a repeated order that only the ledger could stop; nor
 * can one account fill it for the others.
 */
export class NonceBook<Answer> implements LocalNonces<Answer> {
  /** By account and nonce: a key made of both would be a new text to hash for every look. */
  readonly #seen = new Map<string, Map<string, Seen<Answer>>>();
  /** The order of first sights is the order in which they expire. */
  readonly #order = new LinkedList<Seen<Answer>>();
  #size = 0;

  constructor(
    private readonly noncesMax: number = NONCES_MAX,
    private readonly perAccountMax: number = NONCES_PER_ACCOUNT_MAX,
    private readonly keptMs: number = NONCE_KEPT_MS,
  ) {}

  get size(): number {
    return this.#size;
  }

  /** Whether it was seen and not forgotten. */
  mayKnow(accountId: string, nonce: string): boolean {
    return this.#find(accountId, nonce) !== undefined;
  }

  /**
   * `content` is all that the nonce stands for: the signed text. From the first sight on the same content
   * waits for the first answer.
   */
  see(accountId: string, nonce: string, content: string, now: number): NonceFinding<Answer> {
    this.#expire(now);
    const contentHash = Bun.hash.wyhash(content);
    const ofAccount = this.#seen.get(accountId);
    const seen = ofAccount?.get(nonce);
    if (seen !== undefined)
      return seen.contentHash === contentHash
        ? { kind: 'replay', answer: answerOf(seen) }
        : { kind: 'reused' };
    if (this.#size >= this.noncesMax || (ofAccount?.size ?? 0) >= this.perAccountMax) return { kind: 'full' };
    const entry: Seen<Answer> = {
      accountId,
      nonce,
      contentHash,
      until: now + this.keptMs,
      answer: null,
      early: null,
      older: null,
      newer: null,
    };
    if (ofAccount === undefined) this.#seen.set(accountId, new Map([[nonce, entry]]));
    else ofAccount.set(nonce, entry);
    this.#order.link(entry);
    this.#size += 1;
    return { kind: 'first' };
  }

  /** The answer to a first sight. */
  keep(accountId: string, nonce: string, answer: Promise<Answer>): void {
    const entry = this.#find(accountId, nonce);
    if (entry === undefined) return;
    entry.answer = answer;
    if (entry.early !== null) answer.then(entry.early.resolve, entry.early.reject);
    // An order that ended in a failure of ours was not answered: it may be sent again.
    answer.then(undefined, () => this.#drop(entry));
  }

  /**
   * Makes the nonce unseen: nothing was decided by it. Who still waits for an answer gets `nonce_forgotten`.
   */
  forget(accountId: string, nonce: string): void {
    const entry = this.#find(accountId, nonce);
    if (entry === undefined) return;
    this.#drop(entry);
    if (entry.answer === null) entry.early?.reject(FORGOTTEN);
  }

  #find(accountId: string, nonce: string): Seen<Answer> | undefined {
    return this.#seen.get(accountId)?.get(nonce);
  }

  #expire(now: number): void {
    for (let first = this.#order.oldest; first !== null && first.until <= now; first = this.#order.oldest)
      this.#drop(first);
  }

  #drop(entry: Seen<Answer>): void {
    const ofAccount = this.#seen.get(entry.accountId);
    if (ofAccount?.get(entry.nonce) !== entry) return;
    if (ofAccount.size === 1) this.#seen.delete(entry.accountId);
    else ofAccount.delete(entry.nonce);
    this.#order.unlink(entry);
    this.#size -= 1;
  }
}

const answerOf = <Answer>(seen: Seen<Answer>): Promise<Answer> =>
  seen.answer ?? (seen.early ??= Promise.withResolvers<Answer>()).promise;

/**
 * One for all: where it was made says nothing, and finding that out costs more than the rest of a refusal.
 */
const FORGOTTEN = new Failure('nonce_forgotten', 'the first order with this nonce is undecided');
