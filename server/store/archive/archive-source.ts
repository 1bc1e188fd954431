import type { Database } from 'bun:sqlite';
import { statSync } from 'node:fs';
import {
  DELETED_TABLES,
  type AccountCheckpoint,
  type ArchiveEnd,
  type ArchivedStake,
  type ArchiveSource,
  type Cut,
  type DeletedTable,
  type NextRange,
  type SealedSegment,
  type SegmentRange,
  type SegmentRows,
  type LiveBooks,
} from '../../ports/archive.ts';
import type { TallyRecord } from '../../ports/history.ts';
import { openReaderDatabase } from '../database.ts';
import { TALLIES } from '../history-statements.ts';
import { readArchiveEnd, readNewest, readSegments } from './archive-end.ts';
import { archiveEndFaults, leftBehind, leftFaults, stakeFaults } from './archive-end-check.ts';
import { stakesAfter } from './archived-stakes.ts';
import { Questions } from './questions.ts';
import { SegmentRanges } from './segment-ranges.ts';
import { readRows } from './segment-rows.ts';

/** Bets closed behind a ledger row; the two bounds are the same. */
const LIVE_TALLIES = `SELECT currency || ' at ' || locked AS what, COUNT(*) AS bets, SUM(stake) AS staked,
  SUM(payout) AS paid, SUM(1.0 * payout / stake) AS returns,
  SUM((1.0 * payout / stake) * (1.0 * payout / stake)) AS "returnSquares"
  FROM bets WHERE closing_entry > $1 AND status <> 'void' GROUP BY currency, locked
  UNION ALL SELECT currency || ' ' || void_reason, COUNT(*), 0, 0, 0, 0
  FROM bets WHERE closing_entry > $2 AND status = 'void' GROUP BY currency, void_reason`;

/** The live books as the archiver reads them, on a connection of its own; each call sees one state. */
export class SqliteArchiveSource implements ArchiveSource {
  readonly #db: Database;
  readonly #ask: Questions;
  readonly #ranges: SegmentRanges;

  /** @param path of a migrated database in WAL mode. */
  constructor(private readonly path: string) {
    this.#db = openReaderDatabase(path);
    this.#ask = new Questions(this.#db);
    this.#ranges = new SegmentRanges(this.#ask);
  }

  archiveEnd(): ArchiveEnd {
    return readArchiveEnd(this.#db);
  }

  segments(): SealedSegment[] {
    return readSegments(this.#db);
  }

  newest(): SealedSegment | null {
    return readNewest(this.#db);
  }

  usedPages(): number {
    return this.#ask.always<{ pages: number }>(
      'SELECT page_count - freelist_count AS pages FROM pragma_page_count, pragma_freelist_count',
    ).pages;
  }

  liveBets(): number {
    const { betSeq } = this.archiveEnd();
    const { seq } = this.#ask.always<{ seq: number }>('SELECT COALESCE(MAX(seq), 0) AS seq FROM bets');
    return Math.max(0, seq - betSeq);
  }

  liveBooks(): LiveBooks {
    return this.#ask.snapshot(() => {
      const archiveEnd = this.archiveEnd();
      const head = this.#ranges.head();
      return {
        archiveEnd,
        head: { batch: head?.seq ?? 0, at: head?.at ?? 0 },
        firstLiveAt: this.#ranges.firstBehind(archiveEnd)?.at ?? null,
        oldestOpenBet: this.#ranges.oldestOpenBet(),
        rows: Object.fromEntries(DELETED_TABLES.map((table) => [table, this.#rowsIn(table)])) as Record<
          DeletedTable,
          number
        >,
        liveBets: this.liveBets(),
        fileBytes: statSync(this.path).size,
      };
    });
  }

  nextRange(cut: Cut): NextRange {
    return this.#ask.snapshot(() => this.#ranges.next(this.archiveEnd(), cut));
  }

  rangeOf(number: number, firstBatch: number, lastBatch: number): NextRange {
    return this.#ask.snapshot(() => this.#ranges.of(this.archiveEnd(), number, firstBatch, lastBatch));
  }

  rowsOf(range: SegmentRange): SegmentRows {
    return this.#ask.snapshot(() => readRows(this.#db, range, this.archiveEnd()));
  }

  stakesOf(rows: SegmentRows): ArchivedStake[] {
    return stakesAfter(rows, this.archiveEnd().betSeq);
  }

  stakeFaults(segment: SegmentRange, rows: SegmentRows, betSeq: number): string[] {
    return stakeFaults(this.#ask, readArchiveEnd(this.#db), segment, rows, betSeq);
  }

  tallies(): { readonly published: readonly TallyRecord[]; readonly live: readonly TallyRecord[] } {
    return this.#ask.snapshot(() => {
      const { ledgerId } = this.archiveEnd();
      return {
        published: this.#ask.all<TallyRecord>(TALLIES),
        live: this.#ask.all<TallyRecord>(LIVE_TALLIES, ledgerId, ledgerId),
      };
    });
  }

  leftFaults(segment: SegmentRange, rows: SegmentRows): string[] {
    return this.#ask.snapshot(() => leftFaults(this.#db, readArchiveEnd(this.#db), segment, rows));
  }

  checkpointsOf(accounts: readonly string[]): ReadonlyMap<string, AccountCheckpoint> {
    const { ledgerId } = this.archiveEnd();
    const found = new Map<string, AccountCheckpoint>();
    for (const id of accounts) {
      // One above the end was noted by a run that did not come to its seal; what is before it follows from
      // the first live row.
      const row = this.#ask.one<{ balance: number; version: number; at: number }>(
        `SELECT balance, version, ledger_id AS at FROM ledger_checkpoints
        WHERE account_id = $1 ORDER BY ledger_id DESC LIMIT 1`,
        id,
      );
      if (row !== null && row.at <= ledgerId)
        found.set(id, { balance: row.balance, version: row.version, ledgerId: row.at });
      else if (row !== null) found.set(id, { ...this.#before(id, ledgerId), ledgerId: null });
    }
    return found;
  }

  faultsAtArchiveEnd(accounts: readonly string[]): string[] {
    return this.#ask.snapshot(() => archiveEndFaults(this.#ask, this.archiveEnd(), accounts));
  }

  hasLeftovers(): boolean {
    return leftBehind(this.#ask).length > 0;
  }

  bet(id: string): ReturnType<ArchiveSource['bet']> {
    return this.#ask.one(
      `SELECT b.seq, b.batch, l.batch AS "closedBatch", b.placed_at AS "placedAt"
      FROM bets b LEFT JOIN ledger l ON l.id = b.closing_entry WHERE b.id = $1`,
      id,
    );
  }

  close(): void {
    this.#db.close();
  }

  #rowsIn(table: DeletedTable): number {
    return this.#ask.always<{ rows: number }>(`SELECT COUNT(*) AS rows FROM ${table}`).rows;
  }

  #before(account: string, ledgerId: number): { balance: number; version: number } {
    return (
      this.#ask.one<{ balance: number; version: number }>(
        `SELECT balance_after - amount AS balance, version - 1 AS version FROM ledger
        WHERE account_id = $1 AND id > $2 ORDER BY version LIMIT 1`,
        account,
        ledgerId,
      ) ?? { balance: 0, version: 0 }
    );
  }
}
