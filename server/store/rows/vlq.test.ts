import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { decodeNumbers, encodeNumbers } from './vlq.ts';

describe('numbers as text', () => {
  test('are written as the document says', () => {
    expect(encodeNumbers([0, 1, 31, 32, 1_000])).toBe('ABfgBof');
    expect(encodeNumbers([])).toBe('');
  });

  test('are read back, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
        expect(decodeNumbers(encodeNumbers(numbers))).toEqual(numbers);
      }),
    );
  });

  test('are not read from what is not written so', () => {
    for (const text of ['g', 'gA', 'A=', 'A A', '|', `${'-'.repeat(11)}f`])
      expect(() => decodeNumbers(text)).toThrow(RangeError);
    for (const number of [-1, 0.5, NaN, 2 ** 53]) expect(() => encodeNumbers([number])).toThrow(RangeError);
  });
});
