import { describe, expect, test } from 'bun:test';
import type { NonceFinding } from '../ports/nonces.ts';
import { NonceBook } from './nonces.ts';

const A = 'account-a';
const B = 'account-b';
const answerOf = (finding: NonceFinding<string>) =>
  finding.kind === 'replay' ? finding.answer : Promise.resolve(`no replay: ${finding.kind}`);

describe('NonceBook', () => {
  test('the same content gets the first answer, whether it is there yet or not', async () => {
    const book = new NonceBook<string>();
    const { promise, resolve } = Promise.withResolvers<string>();
    expect(book.see(A, 'n1', 'text', 0)).toEqual({ kind: 'first' });
    const beforeKeep = book.see(A, 'n1', 'text', 0);
    book.keep(A, 'n1', promise);
    const early = book.see(A, 'n1', 'text', 1);
    resolve('accepted');
    const late = book.see(A, 'n1', 'text', 2);
    expect(await Promise.all([beforeKeep, early, late].map(answerOf))).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ]);
  });

  test('other content is reused; another account and another nonce are first', () => {
    const book = new NonceBook<string>();
    book.see(A, 'n1', 'text', 0);
    book.keep(A, 'n1', Promise.resolve('accepted'));
    expect(book.see(A, 'n1', 'text ', 1)).toEqual({ kind: 'reused' });
    expect(book.see(B, 'n1', 'text', 1)).toEqual({ kind: 'first' });
    expect(book.see(A, 'n2', 'text', 1)).toEqual({ kind: 'first' });
  });

  test('a forgotten nonce is first again, and who waited for it is told', async () => {
    const book = new NonceBook<string>();
    book.see(A, 'n1', 'text', 0);
    const waiting = answerOf(book.see(A, 'n1', 'text', 1));
    book.forget(A, 'n1');
    await expect(waiting).rejects.toMatchObject({ code: 'nonce_forgotten' });
    expect(book.size).toBe(0);
    expect(book.see(A, 'n1', 'other', 2)).toEqual({ kind: 'first' });
  });

  test('who waited for a refusal that is forgotten gets the refusal', async () => {
    const book = new NonceBook<string>();
    book.see(A, 'n1', 'text', 0);
    const { promise, resolve } = Promise.withResolvers<string>();
    book.keep(A, 'n1', promise);
    const waiting = answerOf(book.see(A, 'n1', 'text', 1));
    resolve('bad_signature');
    await promise;
    book.forget(A, 'n1');
    expect(await waiting).toBe('bad_signature');
    expect(book.see(A, 'n1', 'text', 2)).toEqual({ kind: 'first' });
  });

  test('an answer that failed leaves nothing to repeat, and a late failure does not touch a new sight', async () => {
    const book = new NonceBook<string>();
    const [quick, slow] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    book.see(A, 'n1', 'text', 0);
    book.keep(A, 'n1', quick.promise);
    quick.reject(new Error('the writer is gone'));
    await Bun.sleep(0);
    expect(book.size).toBe(0);
    book.see(A, 'n1', 'text', 0);
    book.keep(A, 'n1', slow.promise);
    book.see(A, 'n1', 'text', 90_000);
    book.keep(A, 'n1', Promise.resolve('second'));
    slow.reject(new Error('too late'));
    await Bun.sleep(0);
    expect(await answerOf(book.see(A, 'n1', 'text', 90_001))).toBe('second');
  });

  test('90 s later it is forgotten, not a millisecond before', () => {
    const book = new NonceBook<string>();
    book.see(A, 'n1', 'text', 1000);
    expect(book.see(A, 'n1', 'other', 90_999)).toEqual({ kind: 'reused' });
    expect(book.see(A, 'n1', 'other', 91_000)).toEqual({ kind: 'first' });
    expect(book.size).toBe(1);
  });

  test('full is said, and nothing that was seen is forgotten for it', () => {
    const book = new NonceBook<string>(3, 2);
    book.see(A, 'n1', 'text', 0);
    book.see(A, 'n2', 'text', 0);
    expect(book.see(A, 'n3', 'text', 1)).toEqual({ kind: 'full' });
    expect(book.see(B, 'n1', 'text', 1)).toEqual({ kind: 'first' });
    expect(book.see(B, 'n2', 'text', 2)).toEqual({ kind: 'full' });
    expect(book.see(A, 'n1', 'other', 3)).toEqual({ kind: 'reused' });
    expect(book.see(A, 'n1', 'text', 3).kind).toBe('replay');
    expect(book.see(A, 'n3', 'text', 90_000)).toEqual({ kind: 'first' });
  });
});
