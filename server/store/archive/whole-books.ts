import { dirname, join } from 'node:path';
import type { Bet } from '../../game/bet.ts';
import type { GridRevision } from '../../game/revision.ts';
import type { ArchivedPart } from '../../ports/archived.ts';
import type { ChainedTick, ChainHeads, Intent, LedgerRow } from '../../ports/books.ts';
import { SqliteBooks } from '../books-reader.ts';
import type { PlacedRow } from '../books-statements.ts';
import { TICKS_MAX } from '../log-books.ts';
import { bounded } from '../page.ts';
import { ArchivedParts } from './archived-parts.ts';
import { HISTORY_FOLDER, HistoryFiles } from './history-files.ts';

/** Commit and bet name times that are at most so far apart. */
const COMMIT_MS = 2_000;
/** From the making of an id to its commit at most; since orders wait at most 2 s it is less. */
const QUEUE_MS = 10_000;
/** The quote that an order names is at most so old. */
const QUOTE_MS = 15_000;
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** When an id was made, UTC epoch ms; null for a text that is no id of a bet. */
function timeOfId(id: string): number | null {
  const [, high, low] = UUID_V7.exec(id) ?? [];
  return high === undefined || low === undefined ? null : parseInt(high + low, 16);
}

/** Ledger rows of a closed bet: its stake and its closing. */
const ROWS_OF_CLOSED_BET = 2;

/**
 * The live books, and behind them the archived weeks that are on disk: what is not live any more is looked up
 * there.
 */
export class WholeBooks extends SqliteBooks {
  readonly #history: HistoryFiles;
  readonly #archived: ArchivedParts;

  /** @param path of the live database. */
  constructor(path: string) {
    super(path);
    this.#history = new HistoryFiles(join(dirname(path), HISTORY_FOLDER), (block) => this.learned(block));
    this.#archived = new ArchivedParts(path, () => this.#history.segments());
  }

  override statementRows(accountId: string, below: number, rows: number): readonly LedgerRow[] {
    return this.#filled(
      accountId,
      super.statementRows(accountId, below, rows),
      rows,
      ({ version }) => version,
      (books) => books.statementRows(accountId, below, rows),
    );
  }

  override closedRows(accountId: string, below: number, rows: number): readonly PlacedRow[] {
    return this.#filled(
      accountId,
      super.closedRows(accountId, below, rows),
      rows,
      ({ position }) => position,
      (books) => books.closedRows(accountId, below, rows),
    );
  }

  override archived(accountId: string): ArchivedPart | null {
    return this.#archived.ofAccount(accountId);
  }

  override segmentsOfBet(betId: string): readonly number[] {
    const bet = this.bet(betId);
    const madeAt = bet?.placedAt ?? timeOfId(betId);
    if (madeAt === null) return [];
    // Of a bet that is here the quote before it belongs to its receipt too; one that is not was committed at
    // once.
    return bet === null
      ? this.#archived.between(madeAt - COMMIT_MS, madeAt + QUEUE_MS)
      : this.#archived.between(madeAt - QUOTE_MS, (bet.closedAt ?? madeAt) + COMMIT_MS);
  }

  override hasMoved(accountId: string, segment: number): boolean {
    return this.#archived.moved(accountId, segment);
  }

  override bet(id: string): Bet | null {
    return super.bet(id) ?? this.#first((books) => books.bet(id));
  }

  override intentOf(betId: string): Intent | null {
    return super.intentOf(betId) ?? this.#first((books) => books.intentOf(betId));
  }

  /** A bet may have been staked in one week and closed in the next. */
  override ledgerOf(betId: string): readonly LedgerRow[] {
    const rows = new Map(super.ledgerOf(betId).map((row) => [row.id, row]));
    if (rows.size < ROWS_OF_CLOSED_BET) {
      for (const books of this.#history.newestFirst()) {
        for (const row of books.ledgerOf(betId)) rows.set(row.id, row);
        if (rows.size >= ROWS_OF_CLOSED_BET) break;
      }
    }
    return [...rows.values()].sort((a, b) => a.id - b.id);
  }

  override revision(number: number): GridRevision | null {
    return super.revision(number) ?? this.#first((books) => books.revision(number));
  }

  override revisionFrom(at: number): GridRevision | null {
    const kept = this.firstKept().revision;
    if (kept !== null && kept.at < at) return super.revisionFrom(at);
    return this.#earliest((books) => books.revisionFrom(at)) ?? super.revisionFrom(at);
  }

  override commitsOf(betId: string): { placed: number; locked: number | null } | null {
    return super.commitsOf(betId) ?? this.#first((books) => books.commitsOf(betId));
  }

  override commitOfTick(seq: number): number | null {
    return super.commitOfTick(seq) ?? this.#first((books) => books.commitOfTick(seq));
  }

  override commitOfRevision(revision: number): number | null {
    return super.commitOfRevision(revision) ?? this.#first((books) => books.commitOfRevision(revision));
  }

  override commit(batch: number): ChainHeads['ledger'] | null {
    return super.commit(batch) ?? this.#first((books) => books.commit(batch));
  }

  override ticks(from: number, to: number, limit: number): readonly ChainedTick[] {
    const kept = this.firstKept().tick;
    return this.#gathered(
      limit,
      kept === null || kept.at >= from,
      (books, rows) => books.ticks(from, to, rows),
      (rows) => super.ticks(from, to, rows),
    );
  }

  override ticksBySeq(fromSeq: number, toSeq: number, limit: number): readonly ChainedTick[] {
    const kept = this.firstKept().tick;
    return this.#gathered(
      limit,
      kept === null || kept.seq > Math.max(1, fromSeq),
      (books, rows) => books.ticksBySeq(fromSeq, toSeq, rows),
      (rows) => super.ticksBySeq(fromSeq, toSeq, rows),
    );
  }

  override tickBefore(at: number): number | null {
    return super.tickBefore(at) ?? this.#first((books) => books.tickBefore(at));
  }

  override tickFrom(at: number): number | null {
    const kept = this.firstKept().tick;
    if (kept !== null && kept.at < at) return super.tickFrom(at);
    return this.#earliest((books) => books.tickFrom(at)) ?? super.tickFrom(at);
  }

  override close(): void {
    this.#archived.close();
    this.#history.close();
    super.close();
  }

  /**
   * Continues in the files of history until there are enough rows, newest first. Rows behind a missing
   * segment are left out: a list has no gaps; it ends where the archive begins.
   */
  #filled<Row>(
    accountId: string,
    live: readonly Row[],
    rows: number,
    position: (row: Row) => number,
    read: (books: SqliteBooks) => readonly Row[],
  ): readonly Row[] {
    if (live.length >= rows) return live;
    const last = this.archived(accountId)?.rows ?? 0;
    const found = new Map(
      [...live, ...this.#history.newestFirst().flatMap(read)]
        .filter((row) => position(row) > last)
        .map((row) => [position(row), row]),
    );
    return [...found.values()].sort((a, b) => position(b) - position(a)).slice(0, rows);
  }

  /** Ticks of the weeks, then live ones, each once, by number. */
  #gathered(
    limit: number,
    archived: boolean,
    read: (books: SqliteBooks, rows: number) => readonly ChainedTick[],
    live: (rows: number) => readonly ChainedTick[],
  ): readonly ChainedTick[] {
    const wanted = bounded(limit, TICKS_MAX);
    if (!archived) return live(wanted);
    const ticks = new Map<number, ChainedTick>();
    for (const books of this.#history.oldestFirst()) {
      for (const tick of read(books, wanted)) ticks.set(tick.seq, tick);
      if (ticks.size >= wanted) break;
    }
    if (ticks.size < wanted) for (const tick of live(wanted)) ticks.set(tick.seq, tick);
    return [...ticks.values()].slice(0, wanted);
  }

  #first<Found>(look: (books: SqliteBooks) => Found | null): Found | null {
    return firstOf(this.#history.newestFirst(), look);
  }

  #earliest<Found>(look: (books: SqliteBooks) => Found | null): Found | null {
    return firstOf(this.#history.oldestFirst(), look);
  }
}

function firstOf<Found>(
  weeks: readonly SqliteBooks[],
  look: (books: SqliteBooks) => Found | null,
): Found | null {
  for (const books of weeks) {
    const found = look(books);
    if (found !== null) return found;
  }
  return null;
}
