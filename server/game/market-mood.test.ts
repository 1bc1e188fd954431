import { expect, test } from 'bun:test';
import { CALM, moodAfter } from './market-mood.ts';

const AT = 1_770_000_000_000;

test.each([
  ['calm', 2.9, 2.9, 0, 0],
  ['at the marks, not beyond', 3, 3, 0, 0],
  ['a 1-s move of more than 3 σ', 3.1, 0, 0, AT + 3000],
  ['a fast volatility of more than 3 times the slow one', 0, 3.1, 0, AT + 3000],
  ['a 1-s move of exactly 5 σ', 5, 0, 0, AT + 3000],
  ['a 1-s move of more than 5 σ', 5.1, 0, AT + 2000, AT + 3000],
  ['a move where nothing had ever moved', Infinity, Infinity, AT + 2000, AT + 3000],
])('%s', (_, shock, fastSlow, pausedUntil, fastUntil) => {
  expect(moodAfter(CALM, { shock, fastSlow }, AT)).toEqual({ pausedUntil, fastUntil });
});

test('runs from the last tick at which the rule held, and calm ticks do not cut it short', () => {
  let mood = moodAfter(CALM, { shock: 6, fastSlow: 1 }, AT);
  mood = moodAfter(mood, { shock: 4, fastSlow: 1 }, AT + 500);
  mood = moodAfter(mood, { shock: 1, fastSlow: 1 }, AT + 1000);
  expect(mood).toEqual({ pausedUntil: AT + 2000, fastUntil: AT + 3500 });
});
