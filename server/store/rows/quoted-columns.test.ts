import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { HAIRCUTS } from '../../game/exposure.ts';
import type { Cents } from '../../game/price.ts';
import type { QuotedColumn } from '../../game/revision.ts';
import { decodeColumns, encodeColumns } from './quoted-columns.ts';

const AT = 1_781_481_600_000;

const boards = fc
  .uniqueArray(fc.constantFrom(1000, 2000, 5000, 15_000, 60_000), { minLength: 1, maxLength: 5 })
  .chain((windows) =>
    fc.tuple(
      ...windows
        .sort((a, b) => a - b)
        .map((windowMs) =>
          fc
            .array(
              fc.record({
                band: fc.constantFrom(500, 1000),
                low: fc.constantFrom(7_600_000, 7_601_000),
                haircut: fc.constantFrom(...HAIRCUTS, 1 / 3),
              }),
              { minLength: 1, maxLength: 14 },
            )
            .map((columns) =>
              columns.map(
                ({ band, low, haircut }, index): QuotedColumn => ({
                  start: AT + index * windowMs,
                  windowMs,
                  band,
                  low: low as Cents,
                  haircut,
                }),
              ),
            ),
        ),
    ),
  )
  .map((all) => all.flat());

describe('the columns of a revision', () => {
  test('read back as they were, whatever the boards', () =>
    fc.assert(
      fc.property(boards, (columns) => {
        const text = encodeColumns(columns);
        expect(decodeColumns(text)).toEqual(columns);
        expect(text).toMatch(/^[\w@*:.;-]+( [\w@*:.;-]+)*$/);
      }),
    ));

  test('of which there are none are an empty text', () => {
    expect(encodeColumns([])).toBe('');
    expect(decodeColumns('')).toEqual([]);
  });

  test('that follow each other are one run, and a hole begins another board', () => {
    const column = { windowMs: 5000, band: 1000, low: 7_602_000 as Cents, haircut: 0 };
    const at = (index: number): QuotedColumn => ({ ...column, start: AT + index * 5000 });
    expect(encodeColumns([at(0), at(1), { ...at(2), haircut: 0.02 }])).toBe(
      `5000@${AT} 2*1000:7602000:0 1000:7602000:0.02`,
    );
    expect(decodeColumns(encodeColumns([at(0), at(2)]))).toEqual([at(0), at(2)]);
  });

  test('of books from before there were several boards have the length by which they follow each other', () =>
    expect(
      decodeColumns(`${AT}:1000:7602000:0 ${AT + 5000}:2000:7600000:0.02 ${AT + 10_000}:1000:7602000:0`),
    ).toEqual([
      { start: AT, windowMs: 5000, band: 1000, low: 7_602_000 as Cents, haircut: 0 },
      { start: AT + 5000, windowMs: 5000, band: 2000, low: 7_600_000 as Cents, haircut: 0.02 },
      { start: AT + 10_000, windowMs: 5000, band: 1000, low: 7_602_000 as Cents, haircut: 0 },
    ]));

  test('that other hands made endless are refused', () =>
    expect(() => decodeColumns(`5000@${AT} 999*1000:7602000:0`)).toThrow(RangeError));
});
