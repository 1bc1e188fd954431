import { integer, orNull, table, text, textOf, type RowOf } from './table.ts';

/** What a row of a trader's account can be. */
export const LEDGER_KINDS = [
  'grant',
  'deposit',
  'withdrawal',
  'adjustment',
  'stake',
  'payout',
  'loss',
  'refund',
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** Movements of accounts, append-only. `counter` is the other side of all movements of one commit. */
export const LEDGER = table('ledger', {
  id: integer,
  batch: integer,
  accountId: text,
  at: integer,
  kind: textOf<LedgerKind | 'counter'>(),
  /** Micro-dollars. */
  amount: integer,
  balanceAfter: integer,
  /** Rises by one with each row of the account. */
  version: integer,
  betId: orNull(text),
});

export type EntryRow = RowOf<typeof LEDGER>;

/** By what row a bet of each outcome is closed. */
export const CLOSED_BY = { won: 'payout', lost: 'loss', void: 'refund' } as const;

/** Whether the row closes a bet. */
export const closesBet = ({ kind }: Pick<EntryRow, 'kind'>): boolean =>
  kind === 'payout' || kind === 'loss' || kind === 'refund';

/** Its line in the ledger chain: all of it but the batch, whose line it stands under. */
export const entryLine = (entry: EntryRow): string =>
  `entry|${entry.id}|${entry.accountId}|${entry.at}|${entry.kind}|${entry.amount}|${entry.balanceAfter}` +
  `|${entry.version}|${entry.betId ?? ''}`;
