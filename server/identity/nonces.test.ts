import { describe, expect, test } from 'bun:test';
import { NonceBook, NonceReleased } from './nonces.ts';

const A = 'account-a';
const B = 'account-b';

function first<Answer>(book: NonceBook<Answer>, account: string, nonce: string, content: string, now = 0) {
  const claim = book.claim(account, nonce, content, now);
  if (claim.kind !== 'first') throw new Error(`not first: ${claim.kind}`);
  return claim;
}

describe('NonceBook', () => {
  test('the same content gets the first answer, whether it is there yet or not', async () => {
    const book = new NonceBook<string>();
    const { promise, resolve } = Promise.withResolvers<string>();
    first(book, A, 'n1', 'text').keep(promise);
    const early = book.claim(A, 'n1', 'text', 1);
    expect(early.kind).toBe('replay');
    resolve('accepted');
    const late = book.claim(A, 'n1', 'text', 2);
    expect(await Promise.all([early, late].map((claim) => (claim.kind === 'replay' ? claim.answer : null)))).toEqual(['accepted', 'accepted']);
  });

  test('other content is reused; another account and another nonce are first', () => {
    const book = new NonceBook<string>();
    first(book, A, 'n1', 'text').keep(Promise.resolve('accepted'));
    expect(book.claim(A, 'n1', 'text ', 1)).toEqual({ kind: 'reused' });
    expect(book.claim(B, 'n1', 'text', 1).kind).toBe('first');
    expect(book.claim(A, 'n2', 'text', 1).kind).toBe('first');
  });

  test('a released nonce is first again, and who waited for it is told', async () => {
    const book = new NonceBook<string>();
    const claim = first(book, A, 'n1', 'text');
    const waiting = book.claim(A, 'n1', 'text', 1);
    claim.release();
    await expect(waiting.kind === 'replay' ? waiting.answer : null).rejects.toBeInstanceOf(NonceReleased);
    expect(book.size).toBe(0);
    expect(book.claim(A, 'n1', 'other', 2).kind).toBe('first');
  });

  test('an answer that failed leaves nothing to repeat, and an old failure does not touch the new claim', async () => {
    const book = new NonceBook<string>();
    const { promise, reject } = Promise.withResolvers<string>();
    first(book, A, 'n1', 'text').keep(promise);
    reject(new Error('the writer is gone'));
    await Bun.sleep(0);
    expect(book.size).toBe(0);
    const slow = Promise.withResolvers<string>();
    first(book, A, 'n1', 'text', 0).keep(slow.promise);
    first(book, A, 'n1', 'text', 90_000).keep(Promise.resolve('second'));
    slow.reject(new Error('too late'));
    await Bun.sleep(0);
    expect(book.claim(A, 'n1', 'text', 90_001).kind).toBe('replay');
  });

  test('90 s later it is forgotten, not a millisecond before', () => {
    const book = new NonceBook<string>();
    first(book, A, 'n1', 'text', 1000).keep(Promise.resolve('accepted'));
    expect(book.claim(A, 'n1', 'other', 90_999)).toEqual({ kind: 'reused' });
    expect(book.claim(A, 'n1', 'other', 91_000).kind).toBe('first');
    expect(book.size).toBe(1);
  });

  test('full: busy, and nothing that was seen is forgotten for it', () => {
    const book = new NonceBook<string>(3, 2);
    first(book, A, 'n1', 'text');
    first(book, A, 'n2', 'text');
    expect(book.claim(A, 'n3', 'text', 1)).toEqual({ kind: 'busy' });
    first(book, B, 'n1', 'text', 1);
    expect(book.claim(B, 'n2', 'text', 2)).toEqual({ kind: 'busy' });
    expect(book.claim(A, 'n1', 'other', 3)).toEqual({ kind: 'reused' });
    expect(book.claim(A, 'n1', 'text', 3).kind).toBe('replay');
    expect(book.claim(A, 'n3', 'text', 90_000).kind).toBe('first');
  });
});
