import { ACCOUNT_ENDS } from './account.ts';
import { ACTIONS } from './action.ts';
import { BATCHES } from './batch.ts';
import { BETS } from './bet.ts';
import { LEDGER } from './entry.ts';
import { INTENTS } from './intent.ts';
import { REVISIONS } from './revision.ts';
import { KEYS } from './session.ts';
import { SHADOW_BLOCKS } from './shadow.ts';
import type { Row, RowOf, Table } from './table.ts';
import { TICKS } from './tick.ts';

/**
 * Parts of a segment of the archive in the order in which they are written; `keys` are the public keys of the
 * orders' sessions, `accounts` how each account that moved stands at the end.
 */
export const PARTS = {
  keys: KEYS,
  accounts: ACCOUNT_ENDS,
  batches: BATCHES,
  actions: ACTIONS,
  intents: INTENTS,
  bets: BETS,
  ledger: LEDGER,
  revisions: REVISIONS,
  shadow: SHADOW_BLOCKS,
  ticks: TICKS,
} as const satisfies Readonly<Record<string, Table>>;

export type SegmentTable = keyof typeof PARTS;
export const SEGMENT_TABLES = Object.keys(PARTS) as readonly SegmentTable[];

/** The parts whose rows stand in the books as they stand in a segment. */
export const STORED_PARTS = [
  'batches',
  'actions',
  'intents',
  'bets',
  'ledger',
  'revisions',
  'shadow',
  'ticks',
] as const satisfies readonly SegmentTable[];
export type StoredPart = (typeof STORED_PARTS)[number];

export type PartRow<Part extends SegmentTable> = RowOf<(typeof PARTS)[Part]>;

/**
 * All rows of a segment, each part in the order of its primary key. A bet that was placed, locked or closed
 * in it is there as it ended.
 */
export type SegmentRows = { readonly [Part in SegmentTable]: readonly PartRow<Part>[] };

/** A row as it is written in a segment: under the names of its columns, in their order. */
export function written({ fields }: Table, row: Row): Row {
  const columns: Record<string, Row[string]> = {};
  for (const { field, name, before } of fields) {
    const value = row[field];
    if (value === undefined) continue;
    if (before === undefined || value !== before) columns[name] = value;
  }
  return columns;
}

/** A row as {@link written} wrote it; what it has besides stays under its own name. */
export function read({ fields }: Table, columns: Row): Row {
  const row: Record<string, Row[string]> = {};
  let known = 0;
  for (const { field, name, before } of fields) {
    const value = columns[name];
    if (value !== undefined) {
      row[field] = value;
      known += 1;
    } else if (before !== undefined) row[field] = before;
  }
  if (known === Object.keys(columns).length) return row;
  const names = new Set(fields.map(({ name }) => name));
  return { ...row, ...Object.fromEntries(Object.entries(columns).filter(([name]) => !names.has(name))) };
}
