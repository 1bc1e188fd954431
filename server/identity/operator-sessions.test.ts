import { expect, test } from 'bun:test';
import { OPERATOR_SESSION_MS, OperatorSessions } from './operator-sessions.ts';

const TOKEN = 'a-token-of-enough-characters';
const NOW = 1_800_000_000_000;
const sessions = () => new OperatorSessions(TOKEN, (bytes) => crypto.getRandomValues(new Uint8Array(bytes)));

test('the token opens a session that lasts its time and not longer', () => {
  const book = sessions();
  const cookie = book.start(TOKEN, 'Ann', NOW)!;
  expect(cookie).toMatch(/^[\w-]{43}$/);
  expect(book.find(cookie, NOW + OPERATOR_SESSION_MS - 1)?.operator).toBe('Ann');
  expect([
    book.find(cookie, NOW + OPERATOR_SESSION_MS),
    book.find(cookie, NOW - 1),
    book.find('x'.repeat(43), NOW),
  ]).toEqual([null, null, null]);
  book.end(cookie);
  expect(book.find(cookie, NOW)).toBeNull();
});

test.each(['', 'a-token-of-enough-character', `${TOKEN}s`, TOKEN.toUpperCase(), `${TOKEN}\n`])(
  '%j opens nothing',
  (token) => {
    const book = sessions();
    expect([book.start(token, 'Ann', NOW), book.size]).toEqual([null, 0]);
  },
);

test('a short token is refused at the start', () =>
  expect(() => new OperatorSessions('short', () => new Uint8Array())).toThrow('at least 24'));

test('sessions are bounded, and the oldest makes room', () => {
  const book = sessions();
  const cookies = Array.from({ length: 40 }, (_, index) => book.start(TOKEN, `n${index}`, NOW + index)!);
  expect(book.size).toBeLessThanOrEqual(32);
  expect(book.find(cookies[0]!, NOW + 100)).toBeNull();
  expect(book.find(cookies[39]!, NOW + 100)?.operator).toBe('n39');
});
