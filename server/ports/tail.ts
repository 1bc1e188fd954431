/** Rows of one table: their values in the order of `columns`. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Highest number of each numbered table that was seen. */
export interface TailNumbers {
  readonly bets: number;
  readonly ledger: number;
  readonly intents: number;
  readonly ticks: number;
  readonly revisions: number;
}

/** The state that a reading of the tail leads to. */
export interface TailHead {
  /** Which house it is of; null for books that no server of this version has opened yet. */
  readonly house: string | null;
  readonly ledger: { readonly batch: number; readonly hash: string; readonly at: number };
  readonly ticks: { readonly seq: number; readonly hash: string };
  readonly schema: string;
  readonly numbers: TailNumbers;
}

/** What was committed after a known state. One snapshot from `begin` to `end`. */
export interface TailSource {
  begin(): TailHead;
  end(): void;
  /** The last commit, of which a snapshot that is open sees no later one. */
  newestBatch(): number;
  /** Hash of a batch; null when it is not there. */
  hashOf(batch: number): string | null;
  /** Rows that were added, and rows of bets and accounts that the added ones changed, page by page. */
  added(after: { readonly batch: number; readonly numbers: TailNumbers }): Iterable<TableRows>;
  /** Rows of small or slowly changing tables that may have changed since a time, ms; all of them for null. */
  changed(since: number | null): Iterable<TableRows>;
  accounts(ids: readonly string[]): Iterable<TableRows>;
  close(): void;
}

/** A database that is being brought forward. */
export interface TailTarget {
  begin(): void;
  /**
   * Takes the rows of one whole shipment, in whatever order they come. @throws Error for a table or column
   * that the database does not have.
   */
  apply(shipment: readonly TableRows[]): void;
  commit(): void;
  /** Moves everything into the one file and flushes it. */
  close(): void;
}
