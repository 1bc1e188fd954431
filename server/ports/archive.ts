import type { SegmentRow } from '../store/rows/segment.ts';
import type { SegmentRows } from '../store/rows/segment-parts.ts';
import type { TallyRecord } from './history.ts';

export type { SegmentRows };

/** A segment as the books know it: sealed when its objects had been read back. */
export type SealedSegment = SegmentRow;

/** Whole commits that become one segment. */
export type SegmentRange = Omit<
  SegmentRow,
  'bets' | 'bytes' | 'objectKey' | 'manifestSha256' | 'place' | 'sealedAt'
>;

/** Where the archive ends, and the live books begin; its number is 0 before the first segment. */
export type ArchiveEnd = Omit<
  SegmentRange,
  'week' | 'firstBatch' | 'beganAt' | 'endedAt' | 'chainIn' | 'tickChainIn'
>;

/** Tables whose rows go once they are archived, in the order in which they go. */
export const DELETED_TABLES = ['bets', 'ledger', 'intents', 'revisions', 'ticks', 'batches'] as const;
export type DeletedTable = (typeof DELETED_TABLES)[number];

/** What a session key staked in a UTC day by the bets of a segment. */
export type ArchivedStake = readonly [sessionId: string, day: number, stake: number];

/**
 * What the archiver asks of the writer. `archive-checkpoint` notes how accounts stand after their last ledger
 * row of a segment and, with the last of them, seals the segment; `archive-delete` looks at the next rows of
 * a table by number and deletes those that are archived and no longer needed; `archive-shrink` gives free
 * pages of the file back to the disk.
 */
export type ArchiveOperation =
  | {
      readonly kind: 'archive-checkpoint';
      /** Of which segment: the one after the newest that is sealed. */
      readonly number: number;
      /** Ids of the ledger rows that are the last ones of their accounts in it. */
      readonly entries: readonly number[];
      readonly stakes: readonly ArchivedStake[];
      readonly seal: SealedSegment | null;
      readonly at: number;
    }
  | {
      readonly kind: 'archive-delete';
      readonly table: DeletedTable;
      /** Rows with a higher number; 0 to begin with the first. */
      readonly after: number;
      readonly rowsMax: number;
      /** Orders that came before this time may go, UTC epoch ms. */
      readonly ordersBefore: number;
    }
  | {
      readonly kind: 'archive-shrink';
      /** Pages that are given back at most. */
      readonly pagesMax: number;
      /** Free pages that the file keeps: what comes next is written there. */
      readonly pagesKept: number;
    };

/**
 * `next` is where to continue, null at the end; `tookMs` is the writer's time for it. `not-archived` changed
 * nothing and says why.
 */
export type ArchiveResult =
  | {
      readonly kind: 'archived';
      /** Rows; pages of a shrinking. */
      readonly deleted: number;
      readonly next: number | null;
      readonly tookMs: number;
    }
  | { readonly kind: 'not-archived'; readonly reason: string };

/** Rows that an operation of the archive may take at once. */
export const ARCHIVE_ROWS_MAX = 4_000;

/** Times, UTC epoch ms, and sizes by which the next segment is cut. */
export interface Cut {
  /** Commits up to this time. */
  readonly until: number;
  /**
   * Ledger rows of a segment at most, unless one commit alone has more; also ticks, revisions and commits.
   */
  readonly rowsMax: number;
}

/** `why` says what the archive waits for when nothing can be cut. */
export type NextRange = { readonly range: SegmentRange } | { readonly range: null; readonly why: string };

/** How much of the books is live. */
export interface LiveBooks {
  readonly archiveEnd: ArchiveEnd;
  readonly head: { readonly batch: number; readonly at: number };
  /** The first commit that is not archived. */
  readonly firstLiveAt: number | null;
  readonly oldestOpenBet: { readonly id: string; readonly batch: number } | null;
  /** Rows by table, archived ones that wait for their deletion among them. */
  readonly rows: Readonly<Record<DeletedTable, number>>;
  /** Bets that are not archived yet. */
  readonly liveBets: number;
  readonly fileBytes: number;
}

/** What the archiver reads of the live books, each call in one snapshot. */
export interface ArchiveSource {
  archiveEnd(): ArchiveEnd;
  segments(): SealedSegment[];
  /** The newest segment; null before the first. */
  newest(): SealedSegment | null;
  liveBooks(): LiveBooks;
  /** Pages of the file that are not free. */
  usedPages(): number;
  /** Bets that are not archived yet; cheap. */
  liveBets(): number;
  nextRange(cut: Cut): NextRange;
  /** The range from `firstBatch` to `lastBatch`, when these are whole commits right behind the anchor. */
  rangeOf(number: number, firstBatch: number, lastBatch: number): NextRange;
  rowsOf(range: SegmentRange): SegmentRows;
  stakesOf(rows: SegmentRows): ArchivedStake[];
  /**
   * Whether archived bets or ledger rows are still among the live ones: a run ended before it had deleted
   * them.
   */
  hasLeftovers(): boolean;
  /** How the accounts stood where the archive ends; one that has no checkpoint is left out. */
  checkpointsOf(accounts: readonly string[]): ReadonlyMap<string, AccountCheckpoint>;
  /**
   * Rows of a segment that are still live, against the segment; and those that must be, where they are not.
   * @returns sentences, some at most.
   */
  leftFaults(segment: SegmentRange, rows: SegmentRows): string[];
  /**
   * What is noted of the stakes of a segment's keys for their daily caps, against its bets. @param betSeq
   * highest number of a bet before the segment.
   */
  stakeFaults(segment: SegmentRange, rows: SegmentRows, betSeq: number): string[];
  /** Published sums, and what bets closed behind the anchor come to, in one snapshot. */
  tallies(): { readonly published: readonly TallyRecord[]; readonly live: readonly TallyRecord[] };
  /** What is wrong with the live books right behind the anchor, in sentences; empty if nothing. */
  faultsAtArchiveEnd(accounts: readonly string[]): string[];
  /** A bet that is live: id, number, placing and closing commit. */
  bet(id: string): {
    readonly seq: number;
    readonly batch: number;
    readonly closedBatch: number | null;
    readonly placedAt: number;
  } | null;
  close(): void;
}

/**
 * How an account stood where the archive ends; `ledgerId` of its last ledger row, null while a run of the
 * archiver has noted it already further on.
 */
export interface AccountCheckpoint {
  readonly balance: number;
  readonly version: number;
  readonly ledgerId: number | null;
}

/** How accounts stood at the end of a segment. */
export type AccountsBefore = ReadonlyMap<string, { readonly balance: number; readonly version: number }>;

/**
 * Computes a segment again from its rows alone. `before` null takes what its first rows say of their
 * accounts. @returns sentences on what is wrong.
 */
export type CheckSegment = (
  range: SegmentRange,
  rows: SegmentRows,
  before: AccountsBefore | null,
) => string[];

/** The weeks on disk. */
export interface WeekFiles {
  /**
   * Writes the rows into the file of their week, in one transaction; rows that are there already stay.
   * @returns the file's name.
   */
  add(segment: SegmentRange, rows: SegmentRows): string;
  /** Reads every row again. @returns sentences on what is missing or different. */
  compare(segment: SegmentRange, rows: SegmentRows): string[];
  /**
   * What is wrong with a file as a whole: its schema, values, and rows that are of none of its segments.
   * @param expected number of rows by table, of tables that have any.
   */
  fileFaults(name: string, expected: ReadonlyMap<string, number>): string[];
  files(): HistoryFile[];
  remove(name: string): void;
}

export interface HistoryFile {
  readonly name: string;
  readonly bytes: number;
  readonly segments: readonly number[];
  /** Time of its newest commit. */
  readonly endedAt: number;
}
