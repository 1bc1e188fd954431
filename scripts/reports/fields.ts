import type { Cell } from '../../server/game/grid.ts';
import { decimalDollars, formatMultiplier, micros, multiplier } from '../../server/game/money.ts';
import { decimalPrice } from '../../server/game/price.ts';
import { decimal, sheetTime, type CsvField } from '../../server/http/csv.ts';

/** Fields of a report's file from what the books hold; null stays empty. */

const unlessNull =
  <Value>(write: (value: Value) => CsvField) =>
  (value: Value | null): CsvField =>
    value === null ? null : write(value);

/** @param amount in micro-dollars. */
export const money = unlessNull((amount: number) => decimal(decimalDollars(micros(amount))));
/** @param value in hundredths. */
export const times = unlessNull((value: number) => decimal(formatMultiplier(multiplier(value))));
export const whole = unlessNull((value: number) => decimal(String(value)));
/** @param at in UTC epoch ms. */
export const time = unlessNull(sheetTime);
export const exactTime = (at: number): string => new Date(at).toISOString();

/** Which cell of the board, in four columns. */
export const CELL_COLUMNS = ['Band from', 'Band to', 'Window opens (UTC)', 'Window closes (UTC)'] as const;
export const cellFields = (cell: Cell | null): readonly CsvField[] =>
  cell === null
    ? CELL_COLUMNS.map(() => null)
    : [
        decimal(decimalPrice(cell.low)),
        decimal(decimalPrice(cell.high)),
        sheetTime(cell.startMs),
        sheetTime(cell.startMs + cell.windowMs),
      ];
