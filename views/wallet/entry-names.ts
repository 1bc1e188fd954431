import type { LedgerKind } from '../../server/ports/books.ts';

/** Ledger entries in a trader's words. */
export const ENTRY_NAMES: Readonly<Record<LedgerKind, string>> = {
  grant: 'Play money',
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  adjustment: 'Adjustment',
  stake: 'Stake',
  payout: 'Payout',
  loss: 'Stake lost',
  refund: 'Stake back',
};
