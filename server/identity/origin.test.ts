import { describe, expect, test } from 'bun:test';
import { isProgram, originRules } from './origin.ts';

const ORIGIN = 'https://taps.example';
const rules = originRules(ORIGIN);
const headers = (given: Record<string, string>) => new Headers(given);

describe('mayWrite', () => {
  const table: [given: Record<string, string>, may: boolean][] = [
    [{}, false],
    [{ origin: ORIGIN }, true],
    [{ origin: `${ORIGIN}/` }, false],
    [{ origin: `${ORIGIN}:443` }, false],
    [{ origin: `${ORIGIN}.evil.example` }, false],
    [{ origin: 'HTTPS://TAPS.EXAMPLE' }, false],
    [{ origin: 'http://taps.example' }, false],
    [{ origin: 'null' }, false],
    [{ origin: '' }, false],
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: ORIGIN }, true],
    [{ 'sec-fetch-site': 'same-site', origin: ORIGIN }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: ORIGIN }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'same-origin, cross-site' }, false],
    [{ host: 'taps.example', referer: `${ORIGIN}/` }, false],
  ];
  test.each(table)('%p → %p', (given, may) => expect(rules.mayWrite(headers(given), false)).toBe(may));
  test('a bearer token needs none of it', () => expect(rules.mayWrite(headers({ origin: 'https://evil.example' }), true)).toBe(true));
});

describe('mayUpgrade', () => {
  test('takes the exact origin alone, whatever the fetch metadata say', () => {
    expect(rules.mayUpgrade(headers({ origin: ORIGIN }))).toBe(true);
    expect(rules.mayUpgrade(headers({ 'sec-fetch-site': 'same-origin' }))).toBe(false);
    expect(rules.mayUpgrade(headers({ origin: 'https://evil.example' }))).toBe(false);
    expect(rules.mayUpgrade(headers({}))).toBe(false);
    expect(rules.mayUpgrade(headers({}), true)).toBe(true);
  });
});

describe('isProgram', () => {
  test('is nothing that a browser could be made to send', () => {
    expect(isProgram(headers({ 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0' }))).toBe(true);
    for (const name of ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'cookie']) expect(isProgram(headers({ [name]: 'x' }))).toBe(false);
  });
});
