import { expect, test } from 'bun:test';
import { refusalOf } from './consent.ts';

test.each([
  ['http://localhost:3000', null, true],
  ['http://127.0.0.1', null, true],
  ['http://[::1]:3000', null, true],
  ['https://taps.example', null, false],
  ['https://taps.example', 'taps.example', true],
  ['https://taps.example:8443', 'taps.example', false],
  ['https://taps.example', 'yes', false],
  ['http://localhost.example:3000', null, false],
  ['http://localhost:3000@taps.example', null, false],
  ['http://127.0.0.1.example', null, false],
  ['taps.example', 'taps.example', false],
])('load on %s with the word %j: %p', (target, mine, allowed) =>
  expect(refusalOf(target, mine) === null).toBe(allowed),
);
