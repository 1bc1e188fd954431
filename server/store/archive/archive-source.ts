import type { Database, Statement } from 'bun:sqlite';
import { statSync } from 'node:fs';
import {
  DELETED_TABLES,
  type AccountStanding,
  type Anchor,
  type ArchivedStake,
  type ArchiveSource,
  type Cut,
  type DeletedTable,
  type NextRange,
  type SealedSegment,
  type SegmentRange,
  type SegmentRows,
  type Standing,
} from '../../ports/archive.ts';
import type { TallyRecord } from '../../ports/history.ts';
import { openReaderDatabase, prepare, type Binding } from '../database.ts';
import { TALLIES } from '../history-statements.ts';
import type { StoredPart } from '../rows/segment-parts.ts';
import type { Row } from '../rows/table.ts';
import { RECALL_MS, STAKE_DAYS } from '../posting/archiving.ts';
import { dayOf } from '../posting/staked-today.ts';
import { readAnchor, readNewest, readSegments } from './anchor.ts';
import { readRows } from './segment-rows.ts';
import { StoredRows } from './stored-rows.ts';
import { stakesAfter } from './archived-stakes.ts';
import { isoWeek, weekOf } from './week.ts';

interface BatchRow {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly tickHash: string;
}

const FAULTS_MAX = 20;
/** Bets closed behind a ledger row; the two bounds are the same. */
const LIVE_TALLIES = `SELECT currency || ' at ' || locked AS what, COUNT(*) AS bets, SUM(stake) AS staked, SUM(payout) AS paid, SUM(1.0 * payout / stake) AS returns,
  SUM((1.0 * payout / stake) * (1.0 * payout / stake)) AS "returnSquares" FROM bets WHERE closing_entry > $1 AND status <> 'void' GROUP BY currency, locked
  UNION ALL SELECT currency || ' ' || void_reason, COUNT(*), 0, 0, 0, 0 FROM bets WHERE closing_entry > $2 AND status = 'void' GROUP BY currency, void_reason`;
const BATCH = 'SELECT seq, at, hash, tick_hash AS "tickHash" FROM batches';

/** The live books as the archiver reads them, on a connection of its own; each call sees one state. */
export class SqliteArchiveSource implements ArchiveSource {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown, Binding[]>>();

  /** @param path of a migrated database in WAL mode. */
  constructor(private readonly path: string) {
    this.#db = openReaderDatabase(path);
  }

  anchor(): Anchor {
    return readAnchor(this.#db);
  }

  segments(): SealedSegment[] {
    return readSegments(this.#db);
  }

  newest(): SealedSegment | null {
    return readNewest(this.#db);
  }

  liveBets(): number {
    const { betSeq } = this.anchor();
    return Math.max(
      0,
      this.#one<{ seq: number }>('SELECT COALESCE(MAX(seq), 0) AS seq FROM bets')!.seq - betSeq,
    );
  }

  standing(): Standing {
    return this.#snapshot(() => {
      const anchor = this.anchor();
      const head = this.#head();
      return {
        anchor,
        head: { batch: head?.seq ?? 0, at: head?.at ?? 0 },
        firstLiveAt:
          this.#one<BatchRow>(`${BATCH} WHERE seq > $1 ORDER BY seq LIMIT 1`, anchor.lastBatch)?.at ?? null,
        oldestOpenBet: this.#oldestOpenBet(),
        rows: Object.fromEntries(
          DELETED_TABLES.map((table) => [
            table,
            this.#one<{ rows: number }>(`SELECT COUNT(*) AS rows FROM ${table}`)!.rows,
          ]),
        ) as Record<DeletedTable, number>,
        liveBets: this.liveBets(),
        fileBytes: statSync(this.path).size,
      };
    });
  }

  nextRange({ until, rowsMax }: Cut): NextRange {
    return this.#snapshot(() => {
      const anchor = this.anchor();
      const first = this.#one<BatchRow>(`${BATCH} WHERE seq > $1 ORDER BY seq LIMIT 1`, anchor.lastBatch);
      if (first === null) return { range: null, why: 'every commit is archived' };
      if (first.at > until)
        return {
          range: null,
          why: `the oldest live commit is of ${new Date(first.at).toISOString()}, later than ${new Date(until).toISOString()}`,
        };
      const open = this.#oldestOpenBet();
      if (open !== null && open.batch <= first.seq)
        return { range: null, why: `bet ${open.id}, placed in commit ${open.batch}, is open` };
      const last = Math.min(this.#lastBySize(anchor, first.seq, rowsMax), (open?.batch ?? Infinity) - 1);
      const week = weekOf(first.at);
      const ends = this.#one<{ seq: number }>(
        'SELECT seq FROM batches WHERE seq > $1 AND seq <= $2 AND (at > $3 OR at < $4 OR at >= $5) ORDER BY seq LIMIT 1',
        anchor.lastBatch,
        last,
        until,
        week.from,
        week.to,
      );
      return { range: this.#range(anchor, anchor.number + 1, first, ends === null ? last : ends.seq - 1) };
    });
  }

  rangeOf(number: number, firstBatch: number, lastBatch: number): NextRange {
    return this.#snapshot(() => {
      const anchor = this.anchor();
      const first = this.#one<BatchRow>(`${BATCH} WHERE seq > $1 ORDER BY seq LIMIT 1`, anchor.lastBatch);
      if (number !== anchor.number + 1 || first?.seq !== firstBatch)
        return {
          range: null,
          why: `segment ${number} from commit ${firstBatch} does not follow segment ${anchor.number} up to commit ${anchor.lastBatch}`,
        };
      if ((this.#head()?.seq ?? 0) < lastBatch)
        return { range: null, why: `commit ${lastBatch} is not in these books` };
      const open = this.#oldestOpenBet();
      if (open !== null && open.batch <= lastBatch)
        return { range: null, why: `bet ${open.id}, placed in commit ${open.batch}, is open` };
      return { range: this.#range(anchor, number, first, lastBatch) };
    });
  }

  rowsOf(range: SegmentRange): SegmentRows {
    return this.#snapshot(() => readRows(this.#db, range, this.anchor()));
  }

  stakesOf(rows: SegmentRows): ArchivedStake[] {
    return stakesAfter(rows, this.anchor().betSeq);
  }

  stakeFaults({ number }: SegmentRange, rows: SegmentRows, betSeq: number): string[] {
    const told = (stakes: readonly ArchivedStake[]): string =>
      stakes
        .map(([session, day, stake]) => `${stake} by ${session} on day ${day}`)
        .sort()
        .join(', ') || 'nothing';
    // A restore brings those of earlier days back, which nobody counts any more.
    const firstDay = dayOf(readAnchor(this.#db).endedAt) - STAKE_DAYS;
    const noted = this.#prepared<{ session: string; day: number; stake: number }>(
      'SELECT session_id AS session, day, stake FROM archived_stakes WHERE segment = $1 AND day >= $2',
    )
      .all(number, firstDay)
      .map(({ session, day, stake }): ArchivedStake => [session, day, stake]);
    const due = stakesAfter(rows, betSeq).filter(([, day]) => day >= firstDay);
    return told(noted) === told(due) ? [] : [`the books note ${told(noted)}, its bets come to ${told(due)}`];
  }

  tallies(): { readonly published: readonly TallyRecord[]; readonly live: readonly TallyRecord[] } {
    return this.#snapshot(() => ({
      published: this.#prepared<TallyRecord>(TALLIES).all(),
      live: this.#prepared<TallyRecord>(LIVE_TALLIES).all(this.anchor().ledgerId, this.anchor().ledgerId),
    }));
  }

  leftFaults(segment: SegmentRange, rows: SegmentRows): string[] {
    return this.#snapshot(() => {
      const { ledgerId, lastBatch, endedAt } = readAnchor(this.#db);
      const recalled = endedAt - RECALL_MS;
      const kept: Readonly<Partial<Record<StoredPart, (row: Row) => boolean>>> = {
        actions: () => true,
        batches: ({ seq }) => seq === lastBatch,
        bets: ({ closingEntry }) => Number(closingEntry) > ledgerId,
        ticks: ({ at }) => Number(at) >= recalled,
        revisions: ({ at }) => Number(at) >= recalled,
      };
      const stored = new StoredRows(this.#db);
      try {
        return stored
          .compare(rows, FAULTS_MAX, (part, row) => !(kept[part]?.(row) ?? false))
          .map((fault) => `${fault} in the live books, of segment ${segment.number}`);
      } finally {
        stored.finalize();
      }
    });
  }

  checkpointsOf(accounts: readonly string[]): ReadonlyMap<string, AccountStanding> {
    const { ledgerId } = this.anchor();
    const found = new Map<string, AccountStanding>();
    for (const id of accounts) {
      // One above the end was noted by a run that did not come to its seal; what is before it follows from
      // the first live row.
      const row = this.#one<{ balance: number; version: number; at: number }>(
        'SELECT balance, version, ledger_id AS at FROM ledger_checkpoints WHERE account_id = $1 ORDER BY ledger_id DESC LIMIT 1',
        id,
      );
      if (row !== null && row.at <= ledgerId)
        found.set(id, { balance: row.balance, version: row.version, ledgerId: row.at });
      else if (row !== null) found.set(id, { ...this.#before(id, ledgerId), ledgerId: null });
    }
    return found;
  }

  faultsAtAnchor(accounts: readonly string[]): string[] {
    return this.#snapshot(() => {
      const { lastBatch, chainOut, number } = this.anchor();
      const faults: string[] = [];
      const next = this.#one<{ seq: number; previous: string }>(
        'SELECT seq, previous_hash AS previous FROM batches WHERE seq > $1 ORDER BY seq LIMIT 1',
        lastBatch,
      );
      if (next !== null && (next.seq !== lastBatch + 1 || next.previous !== chainOut))
        faults.push(`commit ${next.seq} does not follow commit ${lastBatch}, the last of segment ${number}`);
      const left = this.#prepared<{ what: string; rows: number }>(LEFT_BEHIND).all();
      faults.push(
        ...left
          .filter(({ rows }) => rows > 0)
          .map(({ what, rows }) => `${rows} archived rows of ${what} are still there`),
      );
      const moved = this.#prepared<{ detail: string }>(AFTER_CHECKPOINT);
      faults.push(...accounts.flatMap((id) => moved.all(id).map(({ detail }) => detail)));
      faults.push(
        ...this.#prepared<{ detail: string }>(
          `SELECT currency || ' adds up to ' || SUM(balance) AS detail FROM accounts GROUP BY currency HAVING SUM(balance) <> 0`,
        )
          .all()
          .map(({ detail }) => detail),
      );
      return faults;
    });
  }

  hasLeftovers(): boolean {
    return this.#prepared<{ rows: number }>(LEFT_BEHIND)
      .all()
      .some(({ rows }) => rows > 0);
  }

  bet(id: string): ReturnType<ArchiveSource['bet']> {
    return this.#one(
      `SELECT b.seq, b.batch, l.batch AS "closedBatch", b.placed_at AS "placedAt" FROM bets b LEFT JOIN ledger l ON l.id = b.closing_entry WHERE b.id = $1`,
      id,
    );
  }

  close(): void {
    this.#db.close();
  }

  #before(account: string, ledgerId: number): { balance: number; version: number } {
    return (
      this.#one<{ balance: number; version: number }>(
        `SELECT balance_after - amount AS balance, version - 1 AS version FROM ledger WHERE account_id = $1 AND id > $2 ORDER BY version LIMIT 1`,
        account,
        ledgerId,
      ) ?? { balance: 0, version: 0 }
    );
  }

  #head(): BatchRow | null {
    return this.#one<BatchRow>(`${BATCH} ORDER BY seq DESC LIMIT 1`);
  }

  #oldestOpenBet(): { readonly id: string; readonly batch: number } | null {
    return this.#one('SELECT id, batch FROM bets WHERE closing_entry IS NULL ORDER BY batch, seq LIMIT 1');
  }

  /** The last commit that the sizes allow, but at least `first`. */
  #lastBySize({ ledgerId, tickSeq, revision, lastBatch }: Anchor, first: number, rowsMax: number): number {
    const beyond = [
      this.#one<{ batch: number }>(
        'SELECT batch FROM ledger WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2',
        ledgerId,
        rowsMax,
      ),
      this.#one<{ batch: number }>(
        'SELECT batch FROM ticks WHERE seq > $1 ORDER BY seq LIMIT 1 OFFSET $2',
        tickSeq,
        rowsMax,
      ),
      this.#one<{ batch: number }>(
        'SELECT batch FROM revisions WHERE revision > $1 ORDER BY revision LIMIT 1 OFFSET $2',
        revision,
        rowsMax,
      ),
      this.#one<{ batch: number }>(
        'SELECT seq AS batch FROM batches WHERE seq > $1 ORDER BY seq LIMIT 1 OFFSET $2',
        lastBatch,
        rowsMax,
      ),
    ].map((row) => (row === null ? Infinity : row.batch - 1));
    return Math.max(first, Math.min(this.#head()!.seq, ...beyond));
  }

  #range(anchor: Anchor, number: number, first: BatchRow, lastBatch: number): SegmentRange {
    const last = this.#one<BatchRow>(`${BATCH} WHERE seq = $1`, lastBatch)!;
    const highest = (table: string, key: string, above: number): number => {
      const beyond =
        this.#one<{ number: number }>(
          `SELECT ${key} AS number FROM ${table} WHERE ${key} > $1 AND batch > $2 ORDER BY ${key} LIMIT 1`,
          above,
          lastBatch,
        )?.number ?? Number.MAX_SAFE_INTEGER;
      return (
        this.#one<{ number: number }>(
          `SELECT ${key} AS number FROM ${table} WHERE ${key} > $1 AND ${key} < $2 ORDER BY ${key} DESC LIMIT 1`,
          above,
          beyond,
        )?.number ?? above
      );
    };
    const betSeq = highest('bets', 'seq', anchor.betSeq);
    return {
      number,
      week: isoWeek(first.at),
      firstBatch: first.seq,
      lastBatch,
      beganAt: first.at,
      endedAt: last.at,
      chainIn: anchor.chainOut,
      chainOut: last.hash,
      tickChainIn: anchor.tickChainOut,
      tickChainOut: last.tickHash,
      ledgerId: highest('ledger', 'id', anchor.ledgerId),
      betSeq,
      // Orders are numbered as their bets are.
      intentId:
        betSeq === anchor.betSeq
          ? anchor.intentId
          : this.#one<{ number: number }>('SELECT intent_id AS number FROM bets WHERE seq = $1', betSeq)!
              .number,
      tickSeq: highest('ticks', 'seq', anchor.tickSeq),
      revision: highest('revisions', 'revision', anchor.revision),
    };
  }

  #one<Found>(sql: string, ...values: Binding[]): Found | null {
    return this.#prepared<Found>(sql).get(...values);
  }

  #prepared<Found>(sql: string): Statement<Found, Binding[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = prepare(this.#db, sql)));
    return statement as Statement<Found, Binding[]>;
  }

  #snapshot<Result>(work: () => Result): Result {
    if (this.#db.inTransaction) return work();
    this.#db.run('BEGIN');
    try {
      return work();
    } finally {
      this.#db.run('COMMIT');
    }
  }
}

/** Of straddling bets, young orders, and the ticks and revisions that are kept there is always some. */
const LEFT_BEHIND = `SELECT 'bets' AS what, COUNT(*) AS rows FROM bets WHERE seq <= (SELECT COALESCE(MAX(bet_seq), 0) FROM archive_segments) AND closing_entry <= (SELECT COALESCE(MAX(ledger_id), 0) FROM archive_segments)
  UNION ALL SELECT 'ledger', COUNT(*) FROM ledger WHERE id <= (SELECT COALESCE(MAX(ledger_id), 0) FROM archive_segments)
  UNION ALL SELECT 'batches', COUNT(*) FROM batches WHERE seq < (SELECT COALESCE(MAX(last_batch), 0) FROM archive_segments)`;
/** The first live row of an account goes on from its checkpoint. */
const AFTER_CHECKPOINT = `SELECT l.account_id || ' goes on with version ' || l.version || ' and ' || (l.balance_after - l.amount) || ', its checkpoint has ' || c.version || ' and ' || c.balance AS detail
  FROM ledger_checkpoints c JOIN ledger l ON l.account_id = c.account_id AND l.version = (SELECT MIN(m.version) FROM ledger m WHERE m.account_id = c.account_id AND m.version > c.version)
  WHERE c.account_id = $1 AND c.ledger_id = (SELECT MAX(d.ledger_id) FROM ledger_checkpoints d WHERE d.account_id = c.account_id)
  AND (l.version <> c.version + 1 OR l.balance_after - l.amount <> c.balance)`;
