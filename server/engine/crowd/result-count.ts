import type { Books } from '../../ports/books.ts';
import { AccountResults, type Since } from './account-results.ts';

/** Closed bets that are read in one step of the oracle, and what an account costs besides. */
const BETS_PER_STEP = 400;
const ACCOUNT_COST = 10;
/** Bets close in their order, but for those that were open while nothing ran. */
const OUT_OF_ORDER_MS = 3_600_000;

/** How far the bets of an account are counted, by the versions that closed them. */
interface Counted {
  readonly results: AccountResults;
  /** All up to here are in the results, but for those that are being read. */
  upTo: number;
  /** Those below it, down to `until`, are still to be read; null when all are. */
  reading: { below: number; until: number } | null;
}

/**
 * The results of those who have agreed to be shown, counted from the books: each closed bet once, by the
 * version that it brought its account to, whether it closed a moment ago or before this run. What is read at
 * one time is bounded, so it takes as long as it takes; by the index of the account's own rows it never reads
 * a bet of anybody else.
 */
export class ResultCount {
  readonly #counted = new Map<string, Counted>();
  /** In the order in which something was heard of them. */
  readonly #due = new Set<string>();
  #hasFirstRound = false;

  constructor(private readonly books: Pick<Books, 'closedBelow'>) {}

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
    let left = BETS_PER_STEP;
    const before = left;
    for (const accountId of this.#due) {
      if (left <= 0) break;
      left -= ACCOUNT_COST + this.#read(accountId, since, Math.max(1, left));
    }
    if (this.#due.size === 0) this.#hasFirstRound = true;
    return left < before;
  }

  /** @returns how many bets were read. */
  #read(accountId: string, since: Since, most: number): number {
    const counted = this.#counted.get(accountId) ?? {
      results: new AccountResults(since),
      upTo: 0,
      reading: null,
    };
    this.#counted.set(accountId, counted);
    const { below, until } = counted.reading ?? { below: Number.MAX_SAFE_INTEGER, until: counted.upTo };
    const rows = this.books.closedBelow(accountId, below, most);
    const oldest = since.week - OUT_OF_ORDER_MS;
    let isDone = rows.length < most;
    for (const { version, bet } of rows) {
      if (version <= until || (bet.closedAt ?? 0) < oldest) {
        isDone = true;
        break;
      }
      counted.results.add(bet, since);
      counted.upTo = Math.max(counted.upTo, version);
    }
    // What closed while older bets were read is newer than the first of them: it is read once more.
    const isWhole = isDone && counted.reading === null;
    counted.reading = isDone ? null : { below: rows.at(-1)!.version, until };
    this.#due.delete(accountId);
    // Behind the others, so that nobody with many bets keeps them waiting.
    if (!isWhole) this.#due.add(accountId);
    return rows.length;
  }
}
