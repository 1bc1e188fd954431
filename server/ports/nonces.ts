import type { OrderAnswer } from './house.ts';

/**
 * `first`: the caller owes a `keep` or a `forget`. `replay`: the first answer, at once or as soon as it is
 * there. `full`: no room to remember it.
 */
export type NonceFinding<Answer = OrderAnswer> =
  | { readonly kind: 'first' }
  | { readonly kind: 'replay'; readonly answer: Promise<Answer> }
  | { readonly kind: 'reused' }
  | { readonly kind: 'full' };

/** The nonces that accounts used lately, and what was answered to each. */
export interface Nonces<Answer = OrderAnswer> {
  /** False where nobody can have seen it: a `see` would find it to be the first. */
  mayKnow(accountId: string, nonce: string): boolean;
  /**
   * `content` is all that the nonce stands for: the signed text. At once where this process knows, else as
   * soon as others are asked; never rejects.
   */
  see(
    accountId: string,
    nonce: string,
    content: string,
    now: number,
  ): NonceFinding<Answer> | Promise<NonceFinding<Answer>>;
  /** The answer to a first sight. */
  keep(accountId: string, nonce: string, answer: Promise<Answer>): void;
  /** Makes the nonce unseen: nothing was decided by it. */
  forget(accountId: string, nonce: string): void;
}

/** Those that this process has seen itself. */
export interface LocalNonces<Answer = OrderAnswer> extends Nonces<Answer> {
  see(accountId: string, nonce: string, content: string, now: number): NonceFinding<Answer>;
}
