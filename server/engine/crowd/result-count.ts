import type { Books } from '../../ports/books.ts';
import { AccountResults, type Since } from './account-results.ts';

/** Ledger rows of accounts that are read in one step of the oracle, and what an account costs besides. */
const ROWS_PER_STEP = 400;
const ACCOUNT_COST = 10;
/** Rows are in the order of their times, but for a clock that was set back. */
const DISORDER_MS = 600_000;

/** How far the ledger of an account is counted, by the version after its last row. */
interface Counted {
  readonly results: AccountResults;
  upTo: number;
}

/**
 * The results of those who have agreed to be shown, counted from the books: each closed bet once, by the
 * version that it brought its account to, whether it closed a moment ago or before this run. What is read at
 * one time is bounded, so it takes as long as it takes; by the index of the account's own rows it never reads
 * a row of anybody else.
 */
export class ResultCount {
  readonly #counted = new Map<string, Counted>();
  /** In the order in which something was heard of them. */
  readonly #due = new Set<string>();
  #hasFirstRound = false;

  constructor(private readonly books: Pick<Books, 'versionBefore' | 'closingsAfter'>) {}

  /** Whether bets from before this run are still to be counted. */
  get isCounting(): boolean {
    return !this.#hasFirstRound;
  }

  /** Bets of the account have closed, or it is to be counted from now on. */
  heard(accountId: string): void {
    this.#due.add(accountId);
  }

  forget(accountId: string): void {
    this.#due.delete(accountId);
    this.#counted.delete(accountId);
  }

  resultsOf(accountId: string): AccountResults | null {
    return this.#counted.get(accountId)?.results ?? null;
  }

  /** Reads on. @returns whether anything was counted. */
  step(since: Since): boolean {
    let left = ROWS_PER_STEP;
    for (const accountId of this.#due) {
      if (left <= 0) break;
      left -= ACCOUNT_COST + this.#read(accountId, since, Math.max(1, left));
    }
    if (this.#due.size === 0) this.#hasFirstRound = true;
    return left < ROWS_PER_STEP;
  }

  /** @returns how many rows were read. */
  #read(accountId: string, since: Since, rowsMax: number): number {
    let counted = this.#counted.get(accountId);
    if (counted === undefined) {
      const upTo = this.books.versionBefore(accountId, since.week - DISORDER_MS);
      this.#counted.set(accountId, (counted = { results: new AccountResults(since), upTo }));
    }
    const { closings, version, isAll } = this.books.closingsAfter(accountId, counted.upTo, rowsMax);
    for (const closing of closings) counted.results.add(closing, since);
    const rows = version - counted.upTo;
    counted.upTo = version;
    this.#due.delete(accountId);
    // Behind the others, so that nobody with many bets keeps them waiting.
    if (!isAll) this.#due.add(accountId);
    return rows;
  }
}
