import type { Micros } from '../game/money.ts';

/** What of an account's rows has left the disk: nothing is lost, it is in the archive. */
export interface ArchivedPart {
  /** Rows up to this time are in the archive, UTC epoch ms. */
  readonly until: number;
  /** The balance at that time, from which the first row here continues. */
  readonly balance: Micros;
  /** Ledger rows of the account up to then. */
  readonly rows: number;
  /** The segment of the archive that has the newest of them. */
  readonly segment: number;
}

/**
 * `here`: nothing is missing. `archived`: it can be asked for. `failed`: the archive could not be read, it
 * can be asked for again later.
 */
export type FetchState = 'here' | 'archived' | 'waiting' | 'fetching' | 'failed';

export interface FetchProgress {
  readonly state: FetchState;
  /** When to check or request again, ms; null if there is nothing to wait for. */
  readonly retryAfterMs: number | null;
}

/** Fetches segments from the archive, one after the other. */
export interface ArchiveDesk {
  /** How far the segments are that something needs; none is `here`. */
  progress(segments: readonly number[]): FetchProgress;
  /**
   * Asks on behalf of an account for the segments that something lacks, until it lacks none. @returns how far
   * the first of them are, or why they are not fetched.
   */
  fetch(
    accountId: string,
    lacking: () => readonly number[],
  ): FetchProgress | { readonly code: 'rate_limited' | 'busy'; readonly retryAfterMs: number };
}
