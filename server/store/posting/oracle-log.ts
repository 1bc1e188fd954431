import type { Database } from 'bun:sqlite';
import type { ArchiveEnd } from '../../ports/archive.ts';
import type { LearnedBoards } from '../../game/learned/learned-quote.ts';
import type { ShadowBlock } from '../../game/learned/shadow-watch.ts';
import type { GridRevision } from '../../game/revision.ts';
import type { Tick } from '../../game/tick.ts';
import { prepare } from '../database.ts';
import { GENESIS_HASH, tickHash } from '../proof/hash.ts';
import { insertInto, newestNumber, type Insert } from '../row-statements.ts';
import { revisionLine, revisionRow, REVISIONS } from '../rows/revision.ts';
import { SHADOW_BLOCKS, shadowLine, shadowRow } from '../rows/shadow.ts';
import { TICKS, tickText, type TickText } from '../rows/tick.ts';
import type { Batch } from './batch.ts';

/** Ticks, grid revisions and blocks of the shadow book, appended in order. */
export class OracleLog {
  readonly #insertTick: Insert<typeof TICKS>;
  readonly #insertRevision: Insert<typeof REVISIONS>;
  readonly #insertShadow: Insert<typeof SHADOW_BLOCKS>;
  #ticks: TickText[] = [];
  #lastSeq = 0;
  #lastAt = 0;
  #lastRevision = 0;
  #lastBlock = 0;
  #hash = GENESIS_HASH;

  /** @param archived highest numbers in the archive. */
  constructor(db: Database, archived: Pick<ArchiveEnd, 'tickSeq' | 'revision'>) {
    this.#insertTick = insertInto(db, TICKS);
    this.#insertRevision = insertInto(db, REVISIONS);
    this.#insertShadow = insertInto(db, SHADOW_BLOCKS);
    const last = prepare<{ seq: number; at: number }>(
      db,
      'SELECT seq, at FROM ticks ORDER BY seq DESC LIMIT 1',
    ).get();
    [this.#lastSeq, this.#lastAt] = [Math.max(archived.tickSeq, last?.seq ?? 0), last?.at ?? 0];
    this.#lastRevision = Math.max(archived.revision, newestNumber(db, REVISIONS));
    this.#lastBlock = newestNumber(db, SHADOW_BLOCKS);
    this.#hash =
      prepare<{ hash: string }>(db, 'SELECT tick_hash AS hash FROM batches ORDER BY seq DESC LIMIT 1').get()
        ?.hash ?? GENESIS_HASH;
  }

  /** Head of the tick chain. */
  get hash(): string {
    return this.#hash;
  }

  get hasPending(): boolean {
    return this.#ticks.length > 0;
  }

  /** @throws Error when a tick does not follow the one before it: a bug. */
  recordTicks(ticks: readonly Tick[]): void {
    for (const tick of ticks) {
      if (tick.seq !== this.#lastSeq + 1 || !(tick.at >= this.#lastAt))
        throw new Error(
          `tick ${tick.seq} at ${tick.at} does not follow tick ${this.#lastSeq} at ${this.#lastAt}`,
        );
      [this.#lastSeq, this.#lastAt] = [tick.seq, tick.at];
      this.#ticks.push(tickText(tick));
    }
  }

  /** @throws Error when its number is not above the one before: a bug. */
  recordRevision(revision: GridRevision, batch: Batch): void {
    if (!(revision.revision > this.#lastRevision))
      throw new Error(`revision ${revision.revision} does not follow revision ${this.#lastRevision}`);
    this.#lastRevision = revision.revision;
    const row = revisionRow(revision, batch.seq);
    this.#insertRevision(row);
    batch.revisions.push(revisionLine(row));
  }

  /** @throws Error when its number is not above the one before: a bug. */
  recordShadow(block: ShadowBlock, learned: LearnedBoards, batch: Batch): void {
    if (!(block.block > this.#lastBlock))
      throw new Error(`shadow block ${block.block} does not follow shadow block ${this.#lastBlock}`);
    this.#lastBlock = block.block;
    const row = shadowRow(block, learned, batch.seq);
    this.#insertShadow(row);
    batch.shadow.push(shadowLine(row));
  }

  /** Writes the ticks of the batch; the last one carries the new head of the chain. */
  write(batch: Batch): void {
    if (this.#ticks.length === 0) return;
    this.#hash = tickHash(this.#hash, this.#ticks);
    const last = this.#ticks.at(-1);
    for (const tick of this.#ticks)
      this.#insertTick({ ...tick, batch: batch.seq, hash: tick === last ? this.#hash : null });
    this.#ticks = [];
  }
}
