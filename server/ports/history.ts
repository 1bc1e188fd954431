import type { PathPoint } from '../game/path.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import type { GridRevision } from '../game/revision.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type { AccountRow, CheckpointRow } from '../store/rows/account.ts';
import type { ActionRow } from '../store/rows/action.ts';
import type { BatchRow } from '../store/rows/batch.ts';
import type { OrderedBet } from '../store/rows/bet.ts';
import type { EntryRow } from '../store/rows/entry.ts';
import type { RevisionRow } from '../store/rows/revision.ts';
import type { ShadowRow } from '../store/rows/shadow.ts';
import type { TickRow } from '../store/rows/tick.ts';

/**
 * A bet with the order that it came from; the order's fields are null when there is none. Like all rows here
 * it is read as it stands: any value may have been changed by other hands.
 */
export type BetRecord = OrderedBet & {
  readonly orderAccountId: string | null;
  readonly sessionId: string | null;
  readonly text: string | null;
};

export type AccountRecord = Pick<AccountRow, 'id' | 'kind' | 'currency' | 'balance' | 'version'>;
export type CheckpointRecord = Omit<CheckpointRow, 'at'>;

/** Running sums that are published: `what` is a currency with a multiplier or the reason of a void. */
export interface TallyRecord {
  readonly what: string;
  readonly bets: number;
  readonly staked: number;
  readonly paid: number;
  /** Sums of payout / stake, and of its squares. */
  readonly returns: number;
  readonly returnSquares: number;
}

export interface SignedOrder {
  readonly id: number;
  readonly text: string;
  readonly signature: string;
  readonly publicKey: string | null;
}

/** Where a check fails, and what was found. */
export interface Fault {
  readonly place: string;
  readonly detail: string;
}

/** Parts of the books that no hash covers and that are checked against each other. */
export const BESIDE_CHECKS = [
  'accounts',
  'day_sums',
  'own_limits',
  'sessions',
  'orders',
  'checkpoints',
  'archive',
] as const;
export type BesideCheck = (typeof BESIDE_CHECKS)[number];

/** Names of the tables whose rows are numbered in the order of their batches. */
export type NumberedTable = 'bets' | 'ledger' | 'ticks' | 'revisions' | 'shadow_blocks' | 'operator_actions';

/**
 * A database read in order, for its checks. Every `…After` gives at most `limit` rows in order, above a
 * number. Reads between `begin` and `end` see the same state, while a server keeps writing.
 */
export interface History {
  begin(): void;
  end(): void;
  head(): BatchRow | null;
  batch(seq: number): BatchRow | null;
  /** The first one that is not archived. */
  firstBatch(): BatchRow | null;
  /** The first batch at or after a time, ms. */
  batchFrom(at: number): BatchRow | null;
  batchesAfter(seq: number, limit: number): BatchRow[];
  /**
   * The number below which all rows belong to batches before `batch`, by halving: rows must be in the order
   * of their batches.
   */
  numberBefore(table: NumberedTable, batch: number): number;
  betsAfter(seq: number, limit: number): BetRecord[];
  bet(seq: number): BetRecord | null;
  /**
   * Bets placed before a batch that were open when it began: closed by a ledger row above `entryId`, or open
   * now.
   */
  betsOpenAt(batch: number, entryId: number): BetRecord[];
  entriesAfter(id: number, limit: number): EntryRow[];
  ticksAfter(seq: number, limit: number): TickRow[];
  revisionsAfter(number: number, limit: number): RevisionRow[];
  shadowAfter(block: number, limit: number): ShadowRow[];
  /** What the house has bound itself to, oldest first; what cannot be read is left out. */
  terms(): PublishedTerms[];
  actionsAfter(seq: number, limit: number): ActionRow[];
  /** What the shadow book had taught by the end of a block. @throws Error where there is no such block. */
  learned(block: number): LearnedBoards;
  revision(number: number): GridRevision | null;
  revisionFrom(at: number): GridRevision | null;
  tick(seq: number): PathPoint | null;
  /** From the last tick before `from` to the first at or after `to`. */
  path(from: number, to: number): PathPoint[];
  account(id: string): AccountRecord | null;
  accountsAfter(id: string, limit: number): AccountRecord[];
  checkpoints(): CheckpointRecord[];
  tallies(): TallyRecord[];
  counts(): { readonly orders: number; readonly open: number };
  ordersAfter(id: number, limit: number): SignedOrder[];
  /** Differences between the tables, indexes and triggers of the file and those of the migrations. */
  schemaFaults(): string[];
  tables(): string[];
  /** What SQLite finds wrong with the pages, indexes and constraints of one table. */
  pageFaults(table: string, limit: number): string[];
  /** Rows of one table with values that it refuses. */
  constraintFaults(table: string, limit: number): Fault[];
  /**
   * What does not hold beside the hash chains: accounts, own limits, sessions, orders, checkpoints and the
   * list of segments.
   */
  besideFaults(check: BesideCheck, limit: number): Fault[];
  /** Rows that point to rows that are not there. */
  referenceFaults(limit: number): string[];
  close(): void;
}
