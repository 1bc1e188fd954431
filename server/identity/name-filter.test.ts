import { describe, expect, test } from 'bun:test';
import { fitToShow } from './name-filter.ts';

const fits = fitToShow(['acme']);

describe('which names strangers are shown', () => {
  test.each(['Ada-1815', 'grace', 'Scunthorpe', 'classic', 'Dickens'])('%j', (name) =>
    expect(fits(name)).toBe(true),
  );
  test.each([
    ['fuck', 'obscene'],
    ['FuuuCk', 'with letters doubled'],
    ['fuck-you', 'with a dash'],
    ['f-u-c-k', 'with dashes between'],
    ['sh1t', 'with a digit'],
    ['admin', 'the house'],
    ['Acme_Bets', 'the word of the operator'],
    ['acm3', 'with a digit'],
  ])('not %j: %s', (name) => expect(fits(name)).toBe(false));
});
