import type { Currency } from '../game/money.ts';
import type { PathPoint } from '../game/path.ts';
import type { GridRevision } from '../game/revision.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type { Tick } from '../game/tick.ts';
import type { OperatorAction } from './operator.ts';

/**
 * Rows of the database as they stand, read in order by whoever checks them. Nothing in them is trusted: any
 * value may have been changed by other hands.
 */
export interface BatchRecord {
  readonly seq: number;
  readonly at: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly tickHash: string;
}

/** A bet with the order that it came from; the order's fields are null when there is none. */
export interface BetRecord {
  readonly seq: number;
  readonly id: string;
  readonly batch: number;
  readonly accountId: string;
  readonly idx: number;
  readonly currency: Currency;
  readonly simulated: number;
  readonly cell: string;
  readonly startMs: number;
  readonly windowMs: number;
  readonly low: number;
  readonly high: number;
  readonly stake: number;
  readonly shown: number;
  readonly shownRevision: number;
  readonly guardPercent: number;
  readonly multiplierMax: number;
  readonly placedAt: number;
  readonly lockAt: number;
  readonly filled: number;
  readonly locked: number | null;
  readonly lockedRevision: number | null;
  readonly lockedBatch: number | null;
  readonly status: string;
  readonly payout: number;
  readonly closedAt: number | null;
  readonly closedTick: number | null;
  readonly voidReason: string | null;
  readonly stakeEntry: number;
  readonly closingEntry: number | null;
  readonly intentId: number;
  readonly rule: number;
  readonly nonce: string | null;
  readonly orderAccountId: string | null;
  readonly sessionId: string | null;
  readonly text: string | null;
}

export interface EntryRecord {
  readonly id: number;
  readonly batch: number;
  readonly accountId: string;
  readonly at: number;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly version: number;
  readonly betId: string | null;
}

export interface TickRecord {
  readonly tick: Tick;
  readonly batch: number;
  readonly hash: string | null;
}

/** `row` is what the hash is made of, `revision` the same as the game reads it. */
export interface RevisionRecord {
  readonly batch: number;
  readonly number: number;
  readonly revision: GridRevision;
  readonly row: unknown;
}

export interface AccountRecord {
  readonly id: string;
  readonly kind: string;
  readonly currency: Currency;
  readonly balance: number;
  readonly version: number;
}

export interface CheckpointRecord {
  readonly accountId: string;
  readonly ledgerId: number;
  readonly balance: number;
  readonly version: number;
}

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

/** What one link of the ledger chain is made of. A closing entry has the bet that it closed. */
export interface BatchContents {
  readonly bets: readonly BetRecord[];
  readonly locks: readonly BetRecord[];
  readonly entries: readonly { readonly entry: EntryRecord; readonly closed: BetRecord | null }[];
  readonly revisions: readonly RevisionRecord[];
  readonly actions: readonly OperatorAction[];
}

export interface SignedOrder {
  readonly id: number;
  readonly text: string;
  readonly signature: string;
  readonly publicKey: string | null;
}

/** Where something does not hold, and what is there. */
export interface Fault {
  readonly place: string;
  readonly detail: string;
}

/** Parts of the books that no hash covers and that are held against each other. */
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
export type NumberedTable = 'bets' | 'ledger' | 'ticks' | 'revisions' | 'operator_actions';

/**
 * A database read in order, for its checks. Every `…After` gives at most `limit` rows in order, above a
 * number. Reads between `begin` and `end` see one
 * and the same state; a server goes on writing meanwhile.
 */
export interface History {
  begin(): void;
  end(): void;
  head(): BatchRecord | null;
  batch(seq: number): BatchRecord | null;
  /** The first one that is not archived. */
  firstBatch(): BatchRecord | null;
  /** The first batch at or after a time, ms. */
  batchFrom(at: number): BatchRecord | null;
  batchesAfter(seq: number, limit: number): BatchRecord[];
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
  entriesAfter(id: number, limit: number): EntryRecord[];
  ticksAfter(seq: number, limit: number): TickRecord[];
  revisionsAfter(number: number, limit: number): RevisionRecord[];
  /** What the house has bound itself to, oldest first; what cannot be read is left out. */
  terms(): PublishedTerms[];
  actionsAfter(seq: number, limit: number): OperatorAction[];
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
  /** SHA-256 of a link of the ledger chain over these rows. */
  batchHash(batch: BatchRecord, previousHash: string, tickHash: string, contents: BatchContents): string;
  tickHash(previousHash: string, ticks: readonly Tick[]): string;
  readonly genesisHash: string;
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
