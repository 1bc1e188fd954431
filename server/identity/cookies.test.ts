import { describe, expect, test } from 'bun:test';
import { assert, constantFrom, property, string, stringMatching, array, tuple } from 'fast-check';
import { encodeBase64url } from './base64url.ts';
import { Cookies, readCookie } from './cookies.ts';

const TOKEN = encodeBase64url(new Uint8Array(32).fill(7));

describe('readCookie', () => {
  const table: [header: string | null, value: string | null][] = [
    [null, null],
    ['', null],
    ['sid=abc', 'abc'],
    ['a=1; sid=abc; b=2', 'abc'],
    ['a=1;sid=abc;b=2', 'abc'],
    ['a=1;\t sid=abc \t; b=2', 'abc'],
    ['sid=', ''],
    ['sid=a=b', 'a=b'],
    ['xsid=abc', null],
    ['sidx=abc', null],
    ['SID=abc', null],
    ['sid =abc', null],
    ['sid', null],
    ['sid=abc; sid=abc', null],
    ['sid=abc; sid=other', null],
    ['sid="abc"', null],
    ['sid=a b', null],
    ['sid=a,b', null],
    ['sid=a\\b', null],
    ['sid=ä', null],
    ['sid={"a":1}', null],
    ['sid=j:{}', 'j:{}'],
    ['a=1, sid=abc', null],
  ];
  test.each(table)('%p → %p', (header, value) => expect(readCookie(header, 'sid')).toBe(value));

  test('a header longer than any browser sends is not read', () => {
    expect(readCookie(`sid=abc; a=${'x'.repeat(8192)}`, 'sid')).toBeNull();
    expect(readCookie(`sid=abc; a=${' '.repeat(8000)}`, 'sid')).toBe('abc');
  });

  test('never throws, and what it gives stands in the header once', () => {
    const piece = constantFrom(
      'sid',
      '=',
      ';',
      ' ',
      '"',
      '{',
      '}',
      ',',
      '__proto__',
      '\t',
      '\0',
      'é',
      'abc',
      '%3d',
      '\r\n',
    );
    assert(
      property(
        array(piece, { maxLength: 24 }),
        string({ unit: 'binary', maxLength: 40 }),
        (pieces, noise) => {
          const header = pieces.join('') + noise;
          const value = readCookie(header, 'sid');
          if (value === null) return;
          expect(header.split(`sid=${value}`).length).toBeGreaterThan(1);
          expect(value).toMatch(/^[\x21-\x7e]*$/);
          expect(value).not.toMatch(/[;,"\\\s]/);
        },
      ),
    );
  });

  test('finds its cookie among any others', () => {
    const name = stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter((one) => one !== '__Host-sid');
    const value = stringMatching(/^[!#-+\--:<-[\]-~]{0,20}$/);
    assert(
      property(
        array(tuple(name, value), { maxLength: 8 }),
        array(tuple(name, value), { maxLength: 8 }),
        value,
        (before, after, own) => {
          const header = [...before, ['__Host-sid', own] as const, ...after]
            .map(([n, v]) => `${n}=${v}`)
            .join('; ');
          expect(readCookie(header, '__Host-sid')).toBe(own);
        },
      ),
    );
  });
});

describe('Cookies', () => {
  const origins: [origin: string, session: string, set: string][] = [
    [
      'https://taps.example',
      '__Host-sid',
      `__Host-sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ],
    [
      'https://localhost:3443',
      '__Host-sid',
      `__Host-sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ],
    [
      'http://taps.example',
      '__Host-sid',
      `__Host-sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ],
    [
      'http://localhost.evil.example',
      '__Host-sid',
      `__Host-sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict`,
    ],
    ['http://localhost:3000', 'sid', `sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict`],
    ['http://127.0.0.1:3000', 'sid', `sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict`],
    ['http://[::1]:3000', 'sid', `sid=${TOKEN}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict`],
  ];
  test.each(origins)('%s', (origin, name, set) => {
    const cookies = new Cookies(origin);
    expect(cookies.setSession(TOKEN, 60)).toBe(set);
    expect(cookies.session(`${name}=${TOKEN}`)).toBe(TOKEN);
    expect(cookies.pre(`${name}=${TOKEN}`)).toBeNull();
    expect(cookies.clearSession()).toStartWith(`${name}=; Max-Age=0; `);
  });

  test('what it sets it reads back, the two apart', () => {
    const cookies = new Cookies('https://taps.example');
    const header = [cookies.setSession(TOKEN, 60), cookies.setPre(TOKEN, 300)]
      .map((one) => one.split(';')[0])
      .join('; ');
    expect([cookies.session(header), cookies.pre(header)]).toEqual([TOKEN, TOKEN]);
  });

  test('a value that is not a token is not a session', () => {
    const cookies = new Cookies('https://taps.example');
    for (const value of ['', 'abc', `${TOKEN}A`, `${TOKEN.slice(0, -1)}*`, `${TOKEN.slice(0, -1)}d`])
      expect(cookies.session(`__Host-sid=${value}`)).toBeNull();
    expect(() => cookies.setSession('a; Domain=evil.example', 60)).toThrow(RangeError);
    expect(() => cookies.setSession(TOKEN, 1.5)).toThrow(RangeError);
  });
});

test('the cookie of an operator is of this host alone, out of reach of scripts and other sites', () => {
  const value = 'A'.repeat(43);
  expect(new Cookies('https://taps.example').setOperator(value, 28_800)).toBe(
    `__Host-ops=${value}; Max-Age=28800; Path=/; HttpOnly; Secure; SameSite=Strict`,
  );
  expect(new Cookies('http://localhost:3000').setOperator(value, 1)).toBe(
    `ops=${value}; Max-Age=1; Path=/; HttpOnly; SameSite=Strict`,
  );
  expect(new Cookies('https://taps.example').operator(`__Host-ops=${value}; __Host-sid=${value}`)).toBe(
    value,
  );
});
