import type { Database } from 'bun:sqlite';
import { statSync } from 'node:fs';
import type { Cell } from '../game/grid.ts';
import type { GridRevision } from '../game/revision.ts';
import { LEARNED_BLOCKS } from '../game/learned/learned-after.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import type { ShadowBlock, ShadowReturns } from '../game/learned/shadow-watch.ts';
import type { OwnHold } from '../ports/receipt.ts';
import { ownHoldOf } from './restricted.ts';
import type { PublishedTerms } from '../game/terms.ts';
import type { ChainedTick, ChainHeads } from '../ports/books.ts';
import { openReaderDatabase } from './database.ts';
import { LearnedVersions } from './learned-versions.ts';
import { houseIdOf } from './house-id.ts';
import { logStatements } from './log-statements.ts';
import { bounded } from './page.ts';
import { GENESIS_HASH } from './proof/hash.ts';
import { publishedTerms } from './rows/action.ts';
import { revisionOf, type Versions } from './rows/revision.ts';
import { returnsOf, shadowOf } from './rows/shadow.ts';
import { tickOf, type TickRow } from './rows/tick.ts';

/** Ticks of one answer at most. */
export const TICKS_MAX = 10_000;

/** What the books tell of ticks, revisions and commits, on a connection of their own. */
export class SqliteLogBooks {
  readonly #db: Database;
  readonly #path: string;
  readonly #sql: ReturnType<typeof logStatements>;
  readonly #versions: LearnedVersions;
  #returns: readonly ShadowReturns[] = [];
  #house: string | null = null;

  /**
   * @param path of a migrated database in WAL mode.
   * @param versions is asked for what was learned by blocks that are not in this file.
   */
  constructor(path: string, cacheKib?: number, versions?: Versions) {
    this.#path = path;
    this.#db = openReaderDatabase(path, cacheKib);
    this.#sql = this.prepared(logStatements);
    this.#versions = this.prepared((db) => new LearnedVersions(db, versions));
  }

  house(): string {
    return (this.#house ??= houseIdOf(this.#db)!);
  }

  revision(number: number): GridRevision | null {
    const row = this.#sql.revision.get(number);
    return row === null ? null : revisionOf(row, this.#versions.of);
  }

  revisionFrom(at: number): GridRevision | null {
    const row = this.#sql.revisionFrom.get(at);
    return row === null ? null : revisionOf(row, this.#versions.of);
  }

  lastRevision(): GridRevision | null {
    const row = this.#sql.lastRevision.get();
    return row === null ? null : revisionOf(row, this.#versions.of);
  }

  /** @throws Error where there is no such block. */
  learned(block: number): LearnedBoards {
    return this.#versions.of(block);
  }

  lastShadow(): ShadowBlock | null {
    const row = this.#sql.lastShadow.get();
    return row === null ? null : shadowOf(row);
  }

  /** Of seven days up to the newest block, oldest first. */
  shadowReturns(): readonly ShadowReturns[] {
    const newest = this.#sql.lastShadow.get()?.block ?? 0;
    const known = this.#returns.at(-1)?.block ?? newest - LEARNED_BLOCKS;
    if (known < newest) {
      const added = this.#sql.shadowReturns.all(Math.max(known, newest - LEARNED_BLOCKS)).map(returnsOf);
      this.#returns = [...this.#returns, ...added].filter(({ block }) => block > newest - LEARNED_BLOCKS);
    }
    return this.#returns;
  }

  shadowAfter(block: number, limit: number): readonly ShadowBlock[] {
    return this.#sql.shadowAfter.all(block, bounded(limit, LEARNED_BLOCKS)).map(shadowOf);
  }

  /** Ticks with `from <= at < to`, oldest first. */
  ticks(from: number, to: number, limit: number): readonly ChainedTick[] {
    return this.#sql.ticks.all(from, to, bounded(limit, TICKS_MAX)).map(chainedTick);
  }

  /** Ticks with `fromSeq <= seq <= toSeq`, oldest first. */
  ticksBySeq(fromSeq: number, toSeq: number, limit: number): readonly ChainedTick[] {
    return this.#sql.ticksBySeq.all(fromSeq, toSeq, bounded(limit, TICKS_MAX)).map(chainedTick);
  }

  ticksOf(cell: Cell): readonly ChainedTick[] {
    return this.ticksBySeq(
      this.tickBefore(cell.startMs) ?? 0,
      this.tickFrom(cell.startMs + cell.windowMs) ?? Number.MAX_SAFE_INTEGER,
      TICKS_MAX,
    );
  }

  rangeOf({
    startMs,
    windowMs,
  }: Pick<Cell, 'startMs' | 'windowMs'>): readonly [lowest: number, highest: number] | null {
    const row = this.#sql.rangeOf.get(startMs, startMs + windowMs);
    return row === null || row.lowest === null || row.highest === null ? null : [row.lowest, row.highest];
  }

  /** Number of the last tick before `at` ms. */
  tickBefore(at: number): number | null {
    return this.#sql.tickBefore.get(at)?.seq ?? null;
  }

  /** Number of the first tick at or after `at` ms. */
  tickFrom(at: number): number | null {
    return this.#sql.tickFrom.get(at)?.seq ?? null;
  }

  /** The oldest tick and revision that are here: what is before them may be in the archive. */
  firstKept(): {
    readonly tick: { readonly seq: number; readonly at: number } | null;
    readonly revision: { readonly revision: number; readonly at: number } | null;
  } {
    return { tick: this.#sql.firstTick.get(), revision: this.#sql.firstRevision.get() };
  }

  lastTick(): ChainedTick | null {
    const row = this.#sql.lastTick.get();
    return row === null ? null : chainedTick(row);
  }

  commitOfTick(seq: number): number | null {
    return this.#sql.commitOfTick.get(seq)?.batch ?? null;
  }

  commitOfRevision(revision: number): number | null {
    return this.#sql.commitOfRevision.get(revision)?.batch ?? null;
  }

  commit(batch: number): ChainHeads['ledger'] | null {
    return this.#sql.commit.get(batch);
  }

  ownHolds(accountId: string, batch: number): readonly (OwnHold | null)[] {
    return this.#sql.ownHolds.all(accountId, batch).map(ownHoldOf);
  }

  terms(): readonly PublishedTerms[] {
    return this.#sql.terms.all().map(publishedTerms);
  }

  chain(): ChainHeads {
    const ledger = this.#sql.head.get() ?? { batch: 0, hash: GENESIS_HASH, at: 0 };
    const ticks = this.#sql.tickHead.get() ?? { seq: 0, hash: GENESIS_HASH, at: 0 };
    return { ledger, ticks };
  }

  /** Commits in the ledger chain. */
  batches(): number {
    return this.chain().ledger.batch;
  }

  /** Numbers of the segments that are sealed here; in a file of history, those whose rows it has. */
  segments(): readonly number[] {
    return this.#sql.segments.all().map(({ number }) => number);
  }

  /** Size of the write-ahead log; it grows while a reader holds back the checkpoint. */
  walBytes(): number {
    return statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  close(): void {
    this.#db.close();
  }

  /** Statements on the same connection, which is closed when they cannot be prepared. */
  protected prepared<Statements>(statements: (db: Database) => Statements): Statements {
    try {
      return statements(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }
}

const chainedTick = (row: TickRow): ChainedTick => ({ ...tickOf(row), hash: row.hash });
