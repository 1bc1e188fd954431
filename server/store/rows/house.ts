import { integer, table, text } from './table.ts';

/** Which house these books are: one row, never changed. */
export const HOUSE = table('house', {
  /** Always 1. */
  one: integer,
  /** 32 hex digits, the same in every copy of these books and in no others. */
  id: text,
});
