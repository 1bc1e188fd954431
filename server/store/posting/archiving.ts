import type { Database, Statement } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import {
  ARCHIVE_ROWS_MAX,
  type ArchiveEnd,
  type ArchiveOperation,
  type ArchiveResult,
  type DeletedTable,
  type SealedSegment,
} from '../../ports/archive.ts';
import { readArchiveEnd } from '../archive/archive-end.ts';
import { canShrink, prepare, type Binding } from '../database.ts';
import { insertInto, type Insert } from '../row-statements.ts';
import { SEGMENTS, STAKES } from '../rows/segment.ts';

type Of<Kind extends ArchiveOperation['kind']> = Extract<ArchiveOperation, { readonly kind: Kind }>;

/**
 * Ticks and revisions of so long before the end of the archive stay: bets that are open across it need them,
 * and checks that begin there.
 */
export const RECALL_MS = 3_600_000;
/** Days of stakes that are kept: the daily cap counts one. */
export const STAKE_DAYS = 2;

const refused = (reason: string): ArchiveResult => ({ kind: 'not-archived', reason });

/** A row may go, stays for now, or stays because of its age, and with it all rows behind it. */
const GOES = 0;
const TOO_YOUNG = 2;

interface Numbered {
  readonly number: number;
  readonly stays: number;
}

/**
 * Seals segments and deletes what they hold. What does not fit the rows is refused and changes nothing;
 * nothing here throws for what the archiver says.
 */
export class Archiving {
  readonly #checkpoint: Statement<{ account: string }, Binding[]>;
  readonly #supersede: Statement;
  readonly #stake: Insert<typeof STAKES>;
  readonly #forgetStakes: Statement;
  readonly #batch: Statement<{ hash: string; tickHash: string }, Binding[]>;
  readonly #open: Statement<{ id: string }, Binding[]>;
  readonly #insert: Insert<typeof SEGMENTS>;
  readonly #deletions: Readonly<
    Record<DeletedTable, { readonly next: Statement<Numbered, Binding[]>; readonly drop: Statement }>
  >;
  readonly #isShrinking: boolean;
  readonly #freePages: Statement<{ free: number }, Binding[]>;
  #archiveEnd: ArchiveEnd & { readonly endedAt: number };

  constructor(private readonly db: Database) {
    this.#isShrinking = canShrink(db);
    this.#freePages = prepare(db, 'SELECT freelist_count AS free FROM pragma_freelist_count');
    this.#archiveEnd = readArchiveEnd(db);
    this.#checkpoint = prepare(
      db,
      `INSERT INTO ledger_checkpoints (account_id, ledger_id, balance, version, at)
      SELECT account_id, id, balance_after, version, $1 FROM ledger WHERE id = $2
      ON CONFLICT (account_id, ledger_id) DO UPDATE SET at = excluded.at RETURNING account_id AS account`,
    );
    this.#supersede = prepare(db, 'DELETE FROM ledger_checkpoints WHERE account_id = $1 AND ledger_id < $2');
    this.#stake = insertInto(db, STAKES, 'ON CONFLICT DO NOTHING');
    this.#forgetStakes = prepare(db, 'DELETE FROM archived_stakes WHERE segment <= $1 AND day < $2');
    this.#batch = prepare(db, 'SELECT hash, tick_hash AS "tickHash" FROM batches WHERE seq = $1');
    this.#open = prepare(db, 'SELECT id FROM bets WHERE closing_entry IS NULL AND batch <= $1 LIMIT 1');
    this.#insert = insertInto(db, SEGMENTS);
    this.#deletions = deletions(db);
  }

  /** Highest number of each table that is archived. */
  get archiveEnd(): ArchiveEnd {
    return this.#archiveEnd;
  }

  checkpoint({ number, entries, stakes, seal, at }: Of<'archive-checkpoint'>): ArchiveResult {
    const began = performance.now();
    if (number <= this.#archiveEnd.number) return { kind: 'archived', deleted: 0, next: null, tookMs: 0 };
    if (number !== this.#archiveEnd.number + 1)
      return refused(`segment ${number} does not follow segment ${this.#archiveEnd.number}`);
    if (entries.length > ARCHIVE_ROWS_MAX || stakes.length > ARCHIVE_ROWS_MAX)
      return refused(`more than ${ARCHIVE_ROWS_MAX} rows at once`);
    const fault = seal === null ? null : this.#faultOf(seal);
    if (fault !== null) return refused(fault);
    for (const id of entries) {
      const account = this.#checkpoint.get(at, id)?.account;
      if (account === undefined) return refused(`there is no ledger row ${id}`);
      this.#supersede.run(account, id);
    }
    for (const [sessionId, day, stake] of stakes) this.#stake({ segment: number, sessionId, day, stake });
    if (seal !== null) this.#seal(seal);
    return { kind: 'archived', deleted: 0, next: null, tookMs: performance.now() - began };
  }

  delete({ table, after, rowsMax, ordersBefore }: Of<'archive-delete'>): ArchiveResult {
    if (!(rowsMax >= 1 && rowsMax <= ARCHIVE_ROWS_MAX))
      return refused(`1 to ${ARCHIVE_ROWS_MAX} rows at once`);
    const { next, drop } = this.#deletions[table];
    const began = performance.now();
    const rows = next.all(...this.#until(table, ordersBefore), after, this.#upTo(table), rowsMax);
    const gone = rows.filter(({ stays }) => stays === GOES);
    for (const { number } of gone) drop.run(number);
    const ended = rows.length < rowsMax || rows.some(({ stays }) => stays === TOO_YOUNG);
    return {
      kind: 'archived',
      deleted: gone.length,
      next: ended ? null : rows.at(-1)!.number,
      tookMs: performance.now() - began,
    };
  }

  /** Books of before the file could shrink stay as large as they are; a backup of them can, once restored. */
  shrink({ pagesMax, pagesKept }: Of<'archive-shrink'>): ArchiveResult {
    if (!(pagesMax >= 1 && pagesMax <= ARCHIVE_ROWS_MAX) || !(pagesKept >= 0))
      return refused(`1 to ${ARCHIVE_ROWS_MAX} pages at once`);
    const began = performance.now();
    const spare = this.#isShrinking
      ? present(this.#freePages.get(), 'count of free pages').free - pagesKept
      : 0;
    const given = Math.max(0, Math.min(pagesMax, spare));
    if (given > 0) this.db.run(`PRAGMA incremental_vacuum(${given})`);
    return {
      kind: 'archived',
      deleted: given,
      next: spare > given ? spare - given : null,
      tookMs: performance.now() - began,
    };
  }

  /** What a row is checked against besides its number. */
  #until(table: DeletedTable, ordersBefore: number): Binding[] {
    const { ledgerId, endedAt } = this.#archiveEnd;
    return {
      bets: [ledgerId],
      ledger: [],
      intents: [ordersBefore],
      revisions: [endedAt - RECALL_MS],
      ticks: [endedAt - RECALL_MS],
      batches: [],
    }[table];
  }

  /** The last commit itself stays: what follows names its hash. */
  #upTo(table: DeletedTable): number {
    const { ledgerId, betSeq, intentId, tickSeq, revision, lastBatch } = this.#archiveEnd;
    return {
      bets: betSeq,
      ledger: ledgerId,
      intents: intentId,
      revisions: revision,
      ticks: tickSeq,
      batches: lastBatch - 1,
    }[table];
  }

  #faultOf(seal: SealedSegment): string | null {
    const { number, lastBatch, chainOut, tickChainOut } = this.#archiveEnd;
    if (seal.number !== number + 1 || seal.firstBatch !== lastBatch + 1 || seal.lastBatch < seal.firstBatch)
      return `segment ${seal.number} does not begin behind batch ${lastBatch}`;
    if (seal.chainIn !== chainOut || seal.tickChainIn !== tickChainOut)
      return `segment ${seal.number} does not begin with the hashes that the archive ends with`;
    const last = this.#batch.get(seal.lastBatch);
    if (last === null || last.hash !== seal.chainOut || last.tickHash !== seal.tickChainOut)
      return `batch ${seal.lastBatch} does not have the hashes that segment ${seal.number} ends with`;
    const open = this.#open.get(seal.lastBatch);
    return open === null ? null : `bet ${open.id} is open`;
  }

  #seal(seal: SealedSegment): void {
    this.#insert(seal);
    this.#forgetStakes.run(seal.number, Math.floor(seal.endedAt / 86_400_000) - STAKE_DAYS);
    this.#archiveEnd = seal;
  }
}

/**
 * `next` looks at rows in order of their number and says which may go. Each is bounded by rows looked at, so
 * that no commit lasts long.
 */
const deletions = (
  db: Database,
): Record<DeletedTable, { next: Statement<Numbered, Binding[]>; drop: Statement }> => ({
  bets: {
    next: prepare(
      db,
      `SELECT seq AS number, CASE WHEN closing_entry <= $1 THEN ${GOES} ELSE 1 END AS stays
      FROM bets WHERE seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
    ),
    drop: prepare(db, 'DELETE FROM bets WHERE seq = $1'),
  },
  ledger: {
    next: prepare(
      db,
      `SELECT l.id AS number, NOT EXISTS (
        SELECT 1 FROM ledger_checkpoints c WHERE c.account_id = l.account_id AND c.ledger_id >= l.id) AS stays
      FROM ledger l WHERE l.id > $1 AND l.id <= $2 ORDER BY l.id LIMIT $3`,
    ),
    drop: prepare(db, 'DELETE FROM ledger WHERE id = $1'),
  },
  intents: {
    next: prepare(
      db,
      `SELECT i.id AS number, CASE WHEN i.at >= $1 THEN ${TOO_YOUNG}
        ELSE EXISTS (SELECT 1 FROM bets b WHERE b.intent_id = i.id) END AS stays
      FROM intents i WHERE i.id > $2 AND i.id <= $3 ORDER BY i.id LIMIT $4`,
    ),
    drop: prepare(db, 'DELETE FROM intents WHERE id = $1'),
  },
  revisions: {
    next: prepare(
      db,
      `SELECT revision AS number, CASE WHEN at >= $1 THEN ${TOO_YOUNG} ELSE ${GOES} END AS stays
      FROM revisions WHERE revision > $2 AND revision <= $3 ORDER BY revision LIMIT $4`,
    ),
    drop: prepare(db, 'DELETE FROM revisions WHERE revision = $1'),
  },
  ticks: {
    next: prepare(
      db,
      `SELECT seq AS number, CASE WHEN at >= $1 THEN ${TOO_YOUNG} ELSE ${GOES} END AS stays
      FROM ticks WHERE seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4`,
    ),
    drop: prepare(db, 'DELETE FROM ticks WHERE seq = $1'),
  },
  batches: {
    next: prepare(
      db,
      `SELECT seq AS number, ${GOES} AS stays FROM batches WHERE seq > $1 AND seq <= $2
      ORDER BY seq LIMIT $3`,
    ),
    drop: prepare(db, 'DELETE FROM batches WHERE seq = $1'),
  },
});
