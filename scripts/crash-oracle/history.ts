import { databaseOf, OldBooks } from '../simulation/archived-books.ts';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { WholeBooks } from '../../server/store/archive/whole-books.ts';

const DAY_MS = 86_400_000;
/** Trade of 13, 10 and 2 days ago. */
const AGE_MS = 13 * DAY_MS;
/** What is older is archived; the windows of the last bets go on when the server starts. */
const ARCHIVED_AGE_MS = 7 * DAY_MS;

/** Bets of an age that is archived, and how each looked then to its owner and to a reader of its receipt. */
export class History {
  readonly #seen = new Map<string, string>();

  private constructor(
    private readonly dataDir: string,
    betIds: readonly string[],
  ) {
    const books = new WholeBooks(databaseOf(dataDir));
    try {
      for (const id of betIds) if (books.bet(id)!.cell.startMs < Date.now() - ARCHIVED_AGE_MS) this.#seen.set(id, seenOf(books, id));
    } finally {
      books.close();
    }
  }

  /** Makes the books in which the server of the first round starts. */
  static async make(dataDir: string, seed: number): Promise<History> {
    const books = new OldBooks(seed, dataDir);
    await books.make(Date.now() - AGE_MS);
    return new History(dataDir, books.betIds);
  }

  /** Each must look the same, live or archived. Nothing else may write meanwhile. */
  faults(): string[] {
    const books = new WholeBooks(databaseOf(this.dataDir));
    try {
      return [...this.#seen].flatMap(([id, before]) => (seenOf(books, id) === before ? [] : [`bet ${id} of before the first round is not as it was`]));
    } finally {
      books.close();
    }
  }

  /** How many segments are archived. */
  segments(): number {
    const source = new SqliteArchiveSource(databaseOf(this.dataDir));
    try {
      return source.anchor().number;
    } finally {
      source.close();
    }
  }
}

function seenOf(books: WholeBooks, id: string): string {
  const bet = books.bet(id);
  if (bet === null) return 'gone';
  return JSON.stringify({ bet, ledger: books.ledgerOf(id), intent: books.intentOf(id), ticks: books.ticksOf(bet.cell), shown: books.revision(bet.shownRevision), locking: books.revisionFrom(bet.lockAt) });
}
