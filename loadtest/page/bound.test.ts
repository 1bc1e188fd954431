import { expect, test } from 'bun:test';
import { boundTable, holds } from './bound.ts';

test('a figure holds its bound, on the bound too; one that could not be taken does not', () => {
  expect(holds({ name: 'a', unit: '%', value: 90, atLeast: 90 })).toBe(true);
  expect(holds({ name: 'a', unit: '%', value: 89.9, atLeast: 90 })).toBe(false);
  expect(holds({ name: 'a', unit: '', value: 0, atMost: 0 })).toBe(true);
  expect(holds({ name: 'a', unit: '', value: 1, atMost: 0 })).toBe(false);
  expect(holds({ name: 'a', unit: '%', value: Number.NaN, atLeast: 90 })).toBe(false);
});

test('the table has a line for each, and says plainly which does not hold', () =>
  expect(
    boundTable([
      { name: 'taps placed', unit: '%', value: 97.23, atLeast: 90 },
      { name: 'lost', unit: '', value: 2, atMost: 0 },
    ]).split('\n'),
  ).toEqual(['taps placed  97.2 %  ≥ 90 %  holds', 'lost         2       ≤ 0     DOES NOT HOLD']));
