import type { OwnHold } from './receipt.ts';
import type { Bet } from '../game/bet.ts';
import type { Closing } from '../game/day-of-play.ts';
import type { Cell } from '../game/grid.ts';
import type { Currency, Micros } from '../game/money.ts';
import type { GridRevision } from '../game/revision.ts';
import type { Account, Session } from '../game/session.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import type { ShadowBlock, ShadowReturns } from '../game/learned/shadow-watch.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type { Tick } from '../game/tick.ts';
import { LEDGER_KINDS, type EntryRow, type LedgerKind } from '../store/rows/entry.ts';
import type { IntentRow } from '../store/rows/intent.ts';
import type { ArchivedPart } from './archived.ts';

/**
 * A page of rows, newest first; `cursor` asks for the next page and is null at the end. Cursors are opaque
 * text.
 */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly cursor: string | null;
}

export { LEDGER_KINDS, type LedgerKind };

/** A row of a trader's account, as shown to them. */
export interface LedgerRow extends Omit<EntryRow, 'accountId' | 'kind' | 'amount' | 'balanceAfter'> {
  readonly kind: LedgerKind;
  readonly amount: Micros;
  readonly balanceAfter: Micros;
}

/** The signed order that a bet came from; `idx`: which of its taps. */
export interface Intent extends Omit<IntentRow, 'id' | 'outcomes'> {
  readonly idx: number;
  readonly publicKey: string;
}

export interface ChainedTick extends Tick {
  /** Hash of the tick chain after this tick, hex; only the last tick of a batch carries it. */
  readonly hash: string | null;
}

export interface ChainHeads {
  readonly ledger: { readonly batch: number; readonly hash: string; readonly at: number };
  readonly ticks: { readonly seq: number; readonly hash: string; readonly at: number };
}

/**
 * Closed bets whose locked multiplier lies in [from, to) hundredths. `quoted` sums stake × locked multiplier
 * × the probability quoted at the lock.
 */
export interface BucketReturn {
  readonly from: number;
  readonly to: number;
  readonly bets: number;
  readonly staked: Micros;
  readonly paid: Micros;
  /** Σ over bets of (payout / stake)², for a confidence interval of the realised return. */
  readonly returnSquares: number;
  /** Σ over bets of payout / stake. */
  readonly returns: number;
}

/** Bets that rows of a span of an account's ledger closed, oldest first. */
export interface ClosingSpan {
  readonly closings: readonly Closing[];
  /** The last version of the span. */
  readonly version: number;
  /** There is none after it. */
  readonly isAll: boolean;
}

export interface NamedAccount {
  readonly accountId: string;
  readonly name: string;
}

/** Read-only views of the store, each on its own connection; synchronous and quick. */
export interface Books {
  /** Which house this is, 32 hex digits: the same in all its backups. */
  house(): string;
  account(id: string): Account | null;
  accountByAddress(address: string, currency: Currency): Account | null;
  session(tokenHash: string): Session | null;
  sessionById(id: string): Session | null;
  isKeyRegistered(publicKey: string): boolean;
  /**
   * When the account was last used, ms; null when it never had one. Up to a minute early while one is in use.
   */
  lastSeen(accountId: string): number | null;
  /** What the account is called in public; null where its trader has not agreed to be shown. */
  nameOf(accountId: string): string | null;
  /** Everybody who has agreed to be shown. */
  names(): readonly NamedAccount[];
  statement(accountId: string, cursor: string | null, limit: number): Page<LedgerRow>;
  bets(accountId: string, status: 'open' | 'closed', cursor: string | null, limit: number): Page<Bet>;
  bet(id: string): Bet | null;
  /** Bets of one account whose window ended at or after `since` ms: what the board shows. */
  boardBets(accountId: string, since: number): readonly Bet[];
  /**
   * The version of the account's newest ledger row before a moment; 0 where there is none. Costs a few looks,
   * however many rows there are.
   */
  versionBefore(accountId: string, at: number): number;
  /** What closed after a version of the account's ledger, within the `versionsMax` that follow it. */
  closingsAfter(accountId: string, version: number, versionsMax: number): ClosingSpan;
  /** Bets of the account on a cell that were not refunded, newest first. */
  betsOnCell(accountId: string, cell: Cell): readonly Bet[];
  intentOf(betId: string): Intent | null;
  ledgerOf(betId: string): readonly LedgerRow[];
  revision(number: number): GridRevision | null;
  /** The first revision at or after `at` ms. */
  revisionFrom(at: number): GridRevision | null;
  lastRevision(): GridRevision | null;
  /** What the shadow book had taught by the end of a block. @throws Error where there is no such block. */
  learned(block: number): LearnedBoards;
  /** The newest block of the shadow book; null while there is none. */
  lastShadow(): ShadowBlock | null;
  /** Of seven days up to the newest block, oldest first. */
  shadowReturns(): readonly ShadowReturns[];
  /** Blocks with a higher number, oldest first. */
  shadowAfter(block: number, limit: number): readonly ShadowBlock[];
  ticks(from: number, to: number, limit: number): readonly ChainedTick[];
  ticksBySeq(fromSeq: number, toSeq: number, limit: number): readonly ChainedTick[];
  /** The ticks that decide a cell: from the last one before its window to the first at or after its end. */
  ticksOf(cell: Cell): readonly ChainedTick[];
  /** Lowest and highest price of the ticks inside its window, cents; null where there is none. */
  rangeOf(cell: Pick<Cell, 'startMs' | 'windowMs'>): readonly [lowest: number, highest: number] | null;
  lastTick(): ChainedTick | null;
  openBets(): readonly Bet[];
  bankroll(currency: Currency): Micros;
  chain(): ChainHeads;
  /**
   * Commits by their number: who placed and who locked a bet (null while it is held, and where it never was),
   * who wrote a tick or a revision.
   */
  commitsOf(betId: string): { readonly placed: number; readonly locked: number | null } | null;
  commitOfTick(seq: number): number | null;
  commitOfRevision(revision: number): number | null;
  /** One link of the ledger chain. */
  commit(batch: number): ChainHeads['ledger'] | null;
  /** Holds that operators had set for the account by a commit: the newest, and the one before. */
  ownHolds(accountId: string, batch: number): readonly (OwnHold | null)[];
  /** What the house has bound itself to, oldest first. */
  terms(): readonly PublishedTerms[];
  returnsByBucket(currency: Currency, edges: readonly number[]): readonly BucketReturn[];
  voidsByReason(currency: Currency): Readonly<Record<string, number>>;
  /**
   * The account's rows that have left the disk; null where all are here. Statement and closed bets hold what
   * came after them.
   */
  archived(accountId: string): ArchivedPart | null;
  /**
   * Segments of the archive, not on this disk, without which the receipt of a bet is not whole, or that may
   * have a bet with that id: ids say when they were made. None where all that there is of the bet is here.
   */
  segmentsOfBet(betId: string): readonly number[];
  /** Whether a segment of the archive has rows of the account. */
  hasMoved(accountId: string, segment: number): boolean;
  close(): void;
}
