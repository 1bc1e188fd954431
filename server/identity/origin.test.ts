import { expect, test } from 'bun:test';
import type { RequestOrigin } from '../ports/origins.ts';
import { isOwnAddress, provenanceOf } from './origin.ts';

const ORIGIN = 'https://taps.example';
const cameFrom = provenanceOf(ORIGIN);

const table: [given: Record<string, string>, from: RequestOrigin][] = [
  [{}, 'program'],
  // What HTTP libraries send by themselves.
  [{ 'sec-fetch-mode': 'cors' }, 'program'],
  [{ 'sec-fetch-mode': 'websocket' }, 'program'],
  [{ cookie: 'theme=dark' }, 'program'],
  [
    { cookie: '__cf_bm=x', 'sec-fetch-mode': 'cors', 'user-agent': 'Mozilla/5.0', referer: `${ORIGIN}/` },
    'program',
  ],
  [{ host: 'taps.example', referer: 'https://evil.example/' }, 'program'],
  [{ authorization: `Bearer ${'x'.repeat(43)}` }, 'program'],
  [{ origin: ORIGIN }, 'here'],
  [{ 'sec-fetch-site': 'same-origin' }, 'here'],
  [{ 'sec-fetch-site': 'same-origin', origin: ORIGIN }, 'here'],
  [{ origin: `${ORIGIN}/` }, 'elsewhere'],
  [{ origin: `${ORIGIN}:443` }, 'elsewhere'],
  [{ origin: `${ORIGIN}.evil.example` }, 'elsewhere'],
  [{ origin: 'HTTPS://TAPS.EXAMPLE' }, 'elsewhere'],
  [{ origin: 'http://taps.example' }, 'elsewhere'],
  [{ origin: 'null' }, 'elsewhere'],
  [{ origin: '' }, 'elsewhere'],
  [{ 'sec-fetch-site': '' }, 'elsewhere'],
  [{ 'sec-fetch-site': 'same-site', origin: ORIGIN }, 'elsewhere'],
  [{ 'sec-fetch-site': 'cross-site', origin: ORIGIN }, 'elsewhere'],
  [{ 'sec-fetch-site': 'none' }, 'elsewhere'],
  [{ 'sec-fetch-site': 'same-origin, cross-site' }, 'elsewhere'],
  // A name that was bound anew to our address: to the browser it is its own page.
  [{ 'sec-fetch-site': 'same-origin', origin: 'http://rebound.example' }, 'elsewhere'],
  [{ origin: 'https://evil.example', authorization: `Bearer ${'x'.repeat(43)}` }, 'elsewhere'],
];
test.each(table)('%p → %p', (given, from) => expect(cameFrom(new Headers(given))).toBe(from));

test.each([
  ['https://taps.example', 'http://taps.example/', true],
  ['https://taps.example', 'http://taps.example:3000/rules', false],
  ['https://taps.example', 'http://www.taps.example/', false],
  ['https://taps.example', 'http://127.0.0.1/', false],
  ['https://taps.example', 'http://TAPS.example/', true],
  ['https://taps.example:8443', 'http://taps.example:8443/', true],
  // A proxy that leaves the port out.
  ['https://taps.example:8443', 'http://taps.example/', true],
  ['https://taps.example:8443', 'http://taps.example:8444/', false],
  ['http://localhost:3000', 'http://localhost:3000/', true],
  ['http://localhost:3000', 'http://127.0.0.1:3000/', false],
  ['http://localhost:3000', 'http://[::1]:3000/', false],
])('of %s a page at %s is our own: %p', (origin, url, isOurs) =>
  expect(isOwnAddress(origin)(new URL(url))).toBe(isOurs),
);
