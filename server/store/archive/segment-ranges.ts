import { present } from '../../game/present.ts';
import type { ArchiveEnd, Cut, NextRange, SegmentRange } from '../../ports/archive.ts';
import { selected } from '../row-statements.ts';
import { BATCHES, type BatchRow } from '../rows/batch.ts';
import { BETS } from '../rows/bet.ts';
import { LEDGER } from '../rows/entry.ts';
import { REVISIONS } from '../rows/revision.ts';
import type { Table } from '../rows/table.ts';
import { TICKS } from '../rows/tick.ts';
import type { Questions } from './questions.ts';
import { isoWeek, weekOf } from './week.ts';

const BATCH = `SELECT ${selected(BATCHES)} FROM batches`;

/** Which whole commits come next into the archive. Within a snapshot. */
export class SegmentRanges {
  constructor(private readonly ask: Questions) {}

  /** @param anchor where the archive ends. */
  next(archiveEnd: ArchiveEnd, { until, rowsMax }: Cut): NextRange {
    const first = this.firstBehind(archiveEnd);
    if (first === null) return { range: null, why: 'every commit is archived' };
    if (first.at > until)
      return {
        range: null,
        why: `the oldest live commit is of ${timeOf(first.at)}, later than ${timeOf(until)}`,
      };
    const open = this.oldestOpenBet();
    if (open !== null && open.batch <= first.seq) return { range: null, why: openSince(open) };
    const last = Math.min(this.#lastBySize(archiveEnd, first.seq, rowsMax), (open?.batch ?? Infinity) - 1);
    const week = weekOf(first.at);
    const ends = this.ask.one<{ seq: number }>(
      `SELECT seq FROM batches WHERE seq > $1 AND seq <= $2 AND (at > $3 OR at < $4 OR at >= $5)
      ORDER BY seq LIMIT 1`,
      archiveEnd.lastBatch,
      last,
      until,
      week.from,
      week.to,
    );
    return { range: this.#range(archiveEnd, first, ends === null ? last : ends.seq - 1) };
  }

  /** The segment of that number from one commit to another. */
  of(archiveEnd: ArchiveEnd, number: number, firstBatch: number, lastBatch: number): NextRange {
    const first = this.firstBehind(archiveEnd);
    if (number !== archiveEnd.number + 1 || first?.seq !== firstBatch)
      return {
        range: null,
        why:
          `segment ${number} from commit ${firstBatch} does not follow segment ${archiveEnd.number} ` +
          `up to commit ${archiveEnd.lastBatch}`,
      };
    if ((this.head()?.seq ?? 0) < lastBatch)
      return { range: null, why: `commit ${lastBatch} is not in these books` };
    const open = this.oldestOpenBet();
    if (open !== null && open.batch <= lastBatch) return { range: null, why: openSince(open) };
    return { range: this.#range(archiveEnd, first, lastBatch) };
  }

  head(): BatchRow | null {
    return this.ask.one<BatchRow>(`${BATCH} ORDER BY seq DESC LIMIT 1`);
  }

  /** The first commit that is not archived. */
  firstBehind({ lastBatch }: ArchiveEnd): BatchRow | null {
    return this.ask.one<BatchRow>(`${BATCH} WHERE seq > $1 ORDER BY seq LIMIT 1`, lastBatch);
  }

  oldestOpenBet(): { readonly id: string; readonly batch: number } | null {
    return this.ask.one('SELECT id, batch FROM bets WHERE closing_entry IS NULL ORDER BY batch, seq LIMIT 1');
  }

  /** The last commit that the sizes allow, but at least `first`. */
  #lastBySize(
    { ledgerId, tickSeq, revision, lastBatch }: ArchiveEnd,
    first: number,
    rowsMax: number,
  ): number {
    const beyond = [
      this.ask.one<{ batch: number }>(
        'SELECT batch FROM ledger WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2',
        ledgerId,
        rowsMax,
      ),
      this.ask.one<{ batch: number }>(
        'SELECT batch FROM ticks WHERE seq > $1 ORDER BY seq LIMIT 1 OFFSET $2',
        tickSeq,
        rowsMax,
      ),
      this.ask.one<{ batch: number }>(
        'SELECT batch FROM revisions WHERE revision > $1 ORDER BY revision LIMIT 1 OFFSET $2',
        revision,
        rowsMax,
      ),
      this.ask.one<{ batch: number }>(
        'SELECT seq AS batch FROM batches WHERE seq > $1 ORDER BY seq LIMIT 1 OFFSET $2',
        lastBatch,
        rowsMax,
      ),
    ].map((row) => (row === null ? Infinity : row.batch - 1));
    return Math.max(first, Math.min(present(this.head(), 'commit').seq, ...beyond));
  }

  #range(archiveEnd: ArchiveEnd, first: BatchRow, lastBatch: number): SegmentRange {
    const last = this.ask.always<BatchRow>(`${BATCH} WHERE seq = $1`, lastBatch);
    const betSeq = this.#highest(BETS, archiveEnd.betSeq, lastBatch);
    return {
      number: archiveEnd.number + 1,
      week: isoWeek(first.at),
      firstBatch: first.seq,
      lastBatch,
      beganAt: first.at,
      endedAt: last.at,
      chainIn: archiveEnd.chainOut,
      chainOut: last.hash,
      tickChainIn: archiveEnd.tickChainOut,
      tickChainOut: last.tickHash,
      ledgerId: this.#highest(LEDGER, archiveEnd.ledgerId, lastBatch),
      betSeq,
      // Orders are numbered as their bets are.
      intentId:
        betSeq === archiveEnd.betSeq
          ? archiveEnd.intentId
          : this.ask.always<{ number: number }>('SELECT intent_id AS number FROM bets WHERE seq = $1', betSeq)
              .number,
      tickSeq: this.#highest(TICKS, archiveEnd.tickSeq, lastBatch),
      revision: this.#highest(REVISIONS, archiveEnd.revision, lastBatch),
    };
  }

  /** The highest number in a table of rows up to a commit. @param above that of the archive. */
  #highest({ name, key: [number] }: Table, above: number, lastBatch: number): number {
    const key = number.name;
    const beyond =
      this.ask.one<{ number: number }>(
        `SELECT ${key} AS number FROM ${name} WHERE ${key} > $1 AND batch > $2 ORDER BY ${key} LIMIT 1`,
        above,
        lastBatch,
      )?.number ?? Number.MAX_SAFE_INTEGER;
    return (
      this.ask.one<{ number: number }>(
        `SELECT ${key} AS number FROM ${name} WHERE ${key} > $1 AND ${key} < $2 ORDER BY ${key} DESC LIMIT 1`,
        above,
        beyond,
      )?.number ?? above
    );
  }
}

const timeOf = (at: number): string => new Date(at).toISOString();
const openSince = ({ id, batch }: { readonly id: string; readonly batch: number }): string =>
  `bet ${id}, placed in commit ${batch}, is open`;
