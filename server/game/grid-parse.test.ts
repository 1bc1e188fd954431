import { describe, expect, test } from 'bun:test';
import { assert, constantFrom, integer, property, record, string, array } from 'fast-check';
import { cellId, parseCellId } from './grid.ts';
import { PRICE_CENTS_MAX, type Cents } from './price.ts';

const cell = record({
  window: integer({ min: 100, max: 9_999_999 }),
  count: integer({ min: 0, max: 1_000_000 }),
  low: integer({ min: 1, max: PRICE_CENTS_MAX - 1 }),
  height: integer({ min: 1, max: 100_000 }),
}).map(({ window, count, low, height }) => ({
  startMs: (Math.ceil(1_700_000_000_000 / window) + count) * window,
  windowMs: window,
  low: low as Cents,
  high: Math.min(PRICE_CENTS_MAX, low + height) as Cents,
}));

describe('parseCellId', () => {
  const refused = [
    '',
    '.',
    '...',
    '1800000000000.5000.100',
    '1800000000000.5000.100.200.300',
    '1800000000000.5000.200.100',
    '1800000000000.5000.100.100',
    '1800000000001.5000.100.200',
    '01800000000000.5000.100.200',
    '1800000000000.05000.100.200',
    '1800000000000.5000.0.200',
    '1800000000000.5000.-100.200',
    '1800000000000.5000.+100.200',
    '1800000000000.5e3.100.200',
    '1800000000000.5000.100.200\n',
    ' 1800000000000.5000.100.200',
    '1800000000000,5000,100,200',
    '1800000000000.0.100.200',
    '1800000000000.5000.100.1000000001',
    '١800000000000.5000.100.200',
    'NaN.5000.100.200',
    '__proto__',
    '1800000000000.5000.1.00.200',
  ];
  test.each(refused)('%p is no cell', (text) => expect(parseCellId(text)).toBeNull());

  test('reads back every cell that is written', () => {
    assert(
      property(cell, (one) => expect(parseCellId(cellId(one))).toEqual(one)),
      { numRuns: 500 },
    );
  });

  test('never throws, and takes one spelling of a real cell alone', () => {
    const piece = constantFrom(
      '1800000000000',
      '5000',
      '.',
      '100',
      '200',
      '0',
      '-',
      'e3',
      ' ',
      '\n',
      '1'.repeat(400),
      '٣',
      'NaN',
    );
    const noise = array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    const mutated = record({
      one: cell,
      at: integer({ min: 0, max: 48 }),
      inserted: string({ unit: 'binary', maxLength: 3 }),
      cut: integer({ min: 0, max: 2 }),
    }).map(({ one, at, inserted, cut }) => cellId(one).slice(0, at) + inserted + cellId(one).slice(at + cut));
    const takesOnlyOneSpelling = (text: string) => {
      const read = parseCellId(text);
      if (read === null) return;
      expect(cellId(read) as string).toBe(text);
      expect(read.low).toBeLessThan(read.high);
      expect(read.startMs % read.windowMs).toBe(0);
    };
    assert(property(noise, takesOnlyOneSpelling), { numRuns: 500 });
    assert(property(mutated, takesOnlyOneSpelling), { numRuns: 500 });
  });
});
