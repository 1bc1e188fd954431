import { describe, expect, test } from 'bun:test';
import { ChallengeBook } from './challenges.ts';

const RULES = { lifeMs: 300_000, triesMax: 5 };
const REQUEST = { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', chainId: 1, publicKey: 'key' };
const counter = () => {
  let next = 0;
  return (bytes: number) => new Uint8Array(bytes).fill(++next);
};
const bookOf = (...bounds: number[]) => new ChallengeBook(RULES, counter(), ...bounds);

describe('ChallengeBook', () => {
  test('issues 128 bits of hex and gives back what was asked', () => {
    const challenge = bookOf().issue(REQUEST, 'pre', 'client', 1000);
    expect(challenge).toEqual({ ...REQUEST, id: '01'.repeat(16), issuedAt: 1000 });
  });

  test('five tries, each of them counted, right or wrong', () => {
    const book = bookOf();
    const { id } = book.issue(REQUEST, 'pre', 'client', 0);
    const tries = ['pre', 'other', null, 'pre', 'pre', 'pre'].map((pre) => book.attempt(id, pre, 1) !== null);
    expect(tries).toEqual([true, false, false, true, true, false]);
  });

  test('five minutes, to the millisecond', () => {
    const book = bookOf();
    const challenge = book.issue(REQUEST, 'pre', 'client', 1000);
    expect(book.expiryOf(challenge)).toBe(301_000);
    expect(book.attempt(challenge.id, 'pre', 300_999)).toEqual(challenge);
    expect(book.attempt(challenge.id, 'pre', 301_000)).toBeNull();
    expect(book.consume(challenge.id)).toBe(false);
  });

  test('of two right answers one consumes it, and then nobody has it', () => {
    const book = bookOf();
    const { id } = book.issue(REQUEST, 'pre', 'client', 0);
    expect([book.consume(id), book.consume(id)]).toEqual([true, false]);
    expect(book.attempt(id, 'pre', 1)).toBeNull();
    expect(book.size).toBe(0);
  });

  test('a browser and a program cannot answer for each other', () => {
    const book = bookOf();
    const browser = book.issue(REQUEST, 'pre', 'client', 0);
    const program = book.issue(REQUEST, null, 'client', 0);
    expect(book.attempt(browser.id, null, 1)).toBeNull();
    expect(book.attempt(program.id, 'pre', 1)).toBeNull();
    expect(book.attempt(program.id, null, 1)).toEqual(program);
  });

  test('past its share a client loses its own oldest and nobody else does', () => {
    const book = bookOf(100, 3);
    const other = book.issue(REQUEST, 'pre', 'other', 0);
    const own = Array.from({ length: 50 }, () => book.issue(REQUEST, 'pre', 'client', 1));
    expect(book.size).toBe(4);
    expect(own.map(({ id }) => book.attempt(id, 'pre', 2) !== null)).toEqual([...Array(47).fill(false), true, true, true]);
    expect(book.attempt(other.id, 'pre', 2)).toEqual(other);
  });

  test('past the bound of all the oldest goes', () => {
    const book = bookOf(2);
    const [a, b, c] = ['a', 'b', 'c'].map((client) => book.issue(REQUEST, 'pre', client, 0));
    expect([a, b, c].map((one) => book.attempt(one!.id, 'pre', 1) !== null)).toEqual([false, true, true]);
    expect(book.size).toBe(2);
  });

  test('unknown ids are nothing', () => {
    for (const id of ['', '__proto__', 'constructor', '01'.repeat(16)]) expect(bookOf().attempt(id, 'pre', 0)).toBeNull();
  });
});
