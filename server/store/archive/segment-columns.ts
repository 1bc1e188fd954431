import type { SegmentTable } from '../../ports/archive.ts';

/**
 * Columns of each table as a segment holds them: those of the table itself, in its order, and under its
 * names.
 */
export const COLUMNS = {
  batches: ['seq', 'at', 'previous_hash', 'hash', 'tick_hash'],
  actions: [
    'seq',
    'id',
    'batch',
    'at',
    'operator',
    'approved_by',
    'what',
    'target',
    'detail',
    'reason',
    'state_before',
    'state_after',
  ],
  intents: ['id', 'account_id', 'session_id', 'nonce', 'at', 'signed_text', 'signature', 'outcomes'],
  bets: [
    'seq',
    'id',
    'intent_id',
    'idx',
    'batch',
    'account_id',
    'currency',
    'simulated',
    'cell',
    'start_ms',
    'window_ms',
    'low',
    'high',
    'stake',
    'shown',
    'shown_revision',
    'guard_percent',
    'multiplier_max',
    'placed_at',
    'lock_at',
    'filled',
    'locked',
    'locked_revision',
    'locked_batch',
    'status',
    'payout',
    'closed_at',
    'closed_tick',
    'void_reason',
    'stake_entry',
    'closing_entry',
    'rule',
  ],
  ledger: ['id', 'batch', 'account_id', 'at', 'kind', 'amount', 'balance_after', 'version', 'bet_id'],
  revisions: [
    'revision',
    'at',
    'tick_seq',
    'batch',
    'model',
    'spot',
    'v10',
    'vf',
    'cw',
    'edge',
    'margin',
    'haircut',
    'cap_hundredths',
    'tick_ms',
    'quoted_columns',
    'pause',
  ],
  ticks: ['seq', 'at', 'price', 'sources', 'batch', 'hash'],
} as const satisfies Partial<Record<SegmentTable, readonly string[]>>;

export type StoredTable = keyof typeof COLUMNS;

/** The table behind a part of a segment, and its primary key. */
export const STORED: Readonly<Record<StoredTable, { readonly table: string; readonly key: string }>> = {
  batches: { table: 'batches', key: 'seq' },
  actions: { table: 'operator_actions', key: 'seq' },
  intents: { table: 'intents', key: 'id' },
  bets: { table: 'bets', key: 'seq' },
  ledger: { table: 'ledger', key: 'id' },
  revisions: { table: 'revisions', key: 'revision' },
  ticks: { table: 'ticks', key: 'seq' },
};

export const columnsOf = (part: StoredTable, alias: string): string =>
  COLUMNS[part].map((column) => `${alias}.${column}`).join(', ');
