import { describe, expect, test } from 'bun:test';
import { CLOSE } from '../../server/live/limits.ts';
import { isFinal, wordsOf, wordsOfRefusal } from './closings.js';

/**
 * What the page does with each code that the server closes with. A new code does not compile before it stands
 * here.
 */
const TABLE: Readonly<Record<keyof typeof CLOSE, readonly [final: boolean, says: RegExp]>> = {
  broken: [false, /error.*Reconnecting.*bets are safe/],
  restart: [false, /restarting.*Reconnecting.*bets are safe/],
  full: [false, /full.*Trying again.*bets are safe/],
  badFrame: [true, /out of date.*Reload/],
  signedOut: [true, /signed out.*Reload/],
  badSignature: [true, /could not be verified.*Sign in again/],
  flood: [true, /Too many messages.*Reload/],
  blocked: [true, /address is blocked/],
};

const textOf = (code: number): string => wordsOf(code).join('. ');
const UNNAMED = textOf(4999);

describe('every close code of the server', () => {
  test.each(Object.entries(TABLE))('%s', (name, [final, says]) => {
    const code = CLOSE[name as keyof typeof CLOSE];
    expect(isFinal(code)).toBe(final);
    expect(textOf(code)).toMatch(says);
    // What is final is never told as something that passes by itself, nor the other way round.
    expect(/reconnecting|trying again/i.test(textOf(code))).toBe(!final);
    expect(textOf(code)).not.toBe(UNNAMED);
  });
});

test('a line that is not let in for want of a place is told so, and no other refusal is', () => {
  expect(wordsOfRefusal(429).join()).toMatch(/Too many pages.*Close other tabs/);
  expect(wordsOfRefusal(503)).toEqual(wordsOf(CLOSE.full));
  for (const status of [400, 404, 426, 502, 504]) expect(wordsOfRefusal(status)).toEqual(wordsOf(1006));
});

/**
 * Of the protocol and of the server's library: ended, going away, protocol error, no code, abrupt, not text,
 * too large, failed handshake.
 */
test.each([1000, 1001, 1002, 1005, 1006, 1007, 1009, 1015])('the code %d passes', (code) => {
  expect(isFinal(code)).toBe(false);
  expect(textOf(code)).toBe('Reconnecting. Your bets are safe.');
});

test.each([4000, 4408, 4500])('the code %d of a later server is final and not told as passing', (code) => {
  expect(isFinal(code)).toBe(true);
  expect(textOf(code)).toBe('The connection was closed. Reload the page to continue.');
});
