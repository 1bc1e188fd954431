import type { BetRow } from '../store/rows/bet.ts';
import type { EntryRow, LedgerKind } from '../store/rows/entry.ts';
import type { IntentRow } from '../store/rows/intent.ts';

/** Rows by which money came to a trader for a bet, or left the house. */
export const PAYING_KINDS = ['payout', 'refund', 'withdrawal'] as const satisfies readonly LedgerKind[];

/** A ledger row of a player, with when it was booked and the bet that it is of. */
export interface BookedEntry extends EntryRow {
  /** Time of its commit, UTC epoch ms. */
  readonly bookedAt: number;
  /** As it stands now; null for a row of no bet. */
  readonly bet: BetRow | null;
  /** The order that the bet came from; null where it is not kept any more. */
  readonly order: Pick<IntentRow, 'nonce' | 'sessionId' | 'at'> | null;
}

/** Ledger rows behind one and up to another, by number. */
export interface Stretch {
  readonly behind: number;
  readonly upTo: number;
}

/** A part of the books, a segment of the archive or what is live, read row by row. */
export interface BookedRows {
  /** Rows of an account with a higher version, oldest first. */
  ofAccount(accountId: string, version: number, stretch: Stretch, limit: number): readonly BookedEntry[];
  /** Rows of {@link PAYING_KINDS} that were booked in that time, oldest first. */
  paid(from: number, to: number, stretch: Stretch, limit: number): readonly BookedEntry[];
  close(): void;
}
