import { expect, test } from 'bun:test';
import { isUnchanged } from './etag.ts';

test.each<[string | null, boolean]>([
  [null, false],
  ['"7-closed"', true],
  ['W/"7-closed"', true],
  ['*', true],
  [' * ', true],
  ['"6-closed", "7-closed"', true],
  ['W/"6",W/"7-closed"', true],
  ['"a,b" , "7-closed"', true],
  ['"8-closed"', false],
  ['7-closed', false],
  ['"7-closed', false],
  ['w/"7-closed"', false],
  ['', false],
  ['"", "*"', false],
  ['"x"7-closed""', false],
  ['"7-closed" "x"', false],
])('If-None-Match: %s is %p', (header, unchanged) => {
  const headers = new Headers(header === null ? {} : { 'if-none-match': header });
  expect([isUnchanged(headers, 'W/"7-closed"'), isUnchanged(headers, '"7-closed"')]).toEqual([
    unchanged,
    unchanged,
  ]);
});
