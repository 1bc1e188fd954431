import { integer, table, text, type RowOf } from './table.ts';

/** Each commit that changed the books: one link of the ledger chain. */
export const BATCHES = table('batches', {
  seq: integer,
  at: integer,
  previousHash: text,
  hash: text,
  /** Head of the tick chain after the commit. */
  tickHash: text,
});

export type BatchRow = RowOf<typeof BATCHES>;
