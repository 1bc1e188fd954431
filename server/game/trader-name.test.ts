import { describe, expect, test } from 'bun:test';
import { isReserved, readName, skeletonOf } from './trader-name.ts';

describe('a public name', () => {
  test.each([
    ['Ada-1815', 'Ada-1815'],
    ['  grace  ', 'grace'],
    // Forms of the same letters: full width, superscript, ligature.
    ['Ａｄａ１８１５', 'Ada1815'],
    ['Ada²', 'Ada2'],
    ['ﬁnch', 'finch'],
  ])('typed as %j is %j', (typed, name) => expect(readName(typed)).toBe(name));

  test.each([
    ['', 'nothing'],
    ['ab', 'too short'],
    ['a'.repeat(17), 'too long'],
    ['a'.repeat(10_000), 'far too long'],
    ['1ada', 'begins with a digit'],
    ['_ada', 'begins with a dash'],
    ['ada-', 'ends with one'],
    ['a--da', 'two dashes'],
    ['ada lovelace', 'a space'],
    ['аda', 'a Cyrillic letter'],
    ['adá', 'an accent'],
    ['ada\u200bx', 'a character that nobody sees'],
    ['ada\u202egol', 'text that runs backwards'],
    ['<b>ada</b>', 'markup'],
  ])('%j is none: %s', (typed) => expect(readName(typed)).toBeNull());
});

test.each([
  ['Ada', 'ADA'],
  ['b0b', 'bob'],
  ['B-o-b', 'bob'],
  ['will', 'wi11'],
  ['modern', 'modem'],
  ['vvolf', 'wolf'],
  ['c1ay', 'clay'],
  ['day', 'clay'],
  ['Lee7', 'leet'],
  ['goog', '9o0q'],
  ['booob', 'bob'],
])('%j and %j look alike', (one, other) => expect(skeletonOf(one)).toBe(skeletonOf(other)));

test.each([
  ['ada', 'eda'],
  ['bob', 'rob'],
  ['anna', 'hanna'],
])('%j and %j do not', (one, other) => expect(skeletonOf(one)).not.toBe(skeletonOf(other)));

describe('nobody speaks for the house', () => {
  test.each(['admin', 'Adm1n', 'the-admin', 'TapGrid', 'tapgrid_help', 'suppOrt', 'm0derator', 'Official7'])(
    '%j is reserved',
    (name) => expect(isReserved(name)).toBe(true),
  );
  test.each(['house', 'B0T', 'guest', 'somebody', 'null'])('%j is, alone', (name) =>
    expect(isReserved(name)).toBe(true),
  );
  test.each(['ada', 'houseplant', 'guestlist', 'botany', 'bankside'])('%j is not', (name) =>
    expect(isReserved(name)).toBe(false),
  );
});
