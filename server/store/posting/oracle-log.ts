import type { Database, Statement } from 'bun:sqlite';
import type { Anchor } from '../../ports/archive.ts';
import type { GridRevision } from '../../game/revision.ts';
import { encodeSources, tickLine, type Tick } from '../../game/tick.ts';
import { prepare } from '../database.ts';
import { revisionRow } from '../revision-row.ts';
import type { Batch } from './batch.ts';
import { GENESIS_HASH, revisionLine, tickHash } from './chain.ts';

/** Ticks and grid revisions, appended in order. */
export class OracleLog {
  readonly #insertTick: Statement;
  readonly #insertRevision: Statement;
  #ticks: Tick[] = [];
  #lastSeq = 0;
  #lastAt = 0;
  #lastRevision = 0;
  #hash = GENESIS_HASH;

  /** @param archived highest numbers in the archive. */
  constructor(db: Database, archived: Pick<Anchor, 'tickSeq' | 'revision'>) {
    this.#insertTick = prepare(
      db,
      'INSERT INTO ticks (seq, at, price, sources, batch, hash) VALUES ($1, $2, $3, $4, $5, $6)',
    );
    this.#insertRevision = prepare(
      db,
      `INSERT INTO revisions (revision, at, tick_seq, model, spot, v10, vf, cw, edge, margin, haircut, cap_hundredths, tick_ms, quoted_columns, pause, batch)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    );
    const last = prepare<{ seq: number; at: number }>(
      db,
      'SELECT seq, at FROM ticks ORDER BY seq DESC LIMIT 1',
    ).get();
    [this.#lastSeq, this.#lastAt] = [Math.max(archived.tickSeq, last?.seq ?? 0), last?.at ?? 0];
    this.#lastRevision = Math.max(
      archived.revision,
      prepare<{ revision: number }>(db, 'SELECT COALESCE(MAX(revision), 0) AS revision FROM revisions').get()!
        .revision,
    );
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
      this.#ticks.push(tick);
    }
  }

  /** @throws Error when its number is not above the one before: a bug. */
  recordRevision(revision: GridRevision, batch: Batch): void {
    if (!(revision.revision > this.#lastRevision))
      throw new Error(`revision ${revision.revision} does not follow revision ${this.#lastRevision}`);
    this.#lastRevision = revision.revision;
    const row = revisionRow(revision);
    this.#insertRevision.run(
      row.revision,
      row.at,
      row.tickSeq,
      row.model,
      row.spot,
      row.v10,
      row.vf,
      row.cw,
      row.edge,
      row.margin,
      row.haircut,
      row.capHundredths,
      row.tickMs,
      row.columns,
      row.pause,
      batch.seq,
    );
    batch.revisions.push(revisionLine(row));
  }

  /** Writes the ticks of the batch; the last one carries the new head of the chain. */
  write(batch: Batch): void {
    if (this.#ticks.length === 0) return;
    this.#hash = tickHash(this.#hash, this.#ticks.map(tickLine));
    const last = this.#ticks.at(-1)!;
    for (const tick of this.#ticks)
      this.#insertTick.run(
        tick.seq,
        tick.at,
        tick.price,
        encodeSources(tick.sources),
        batch.seq,
        tick === last ? this.#hash : null,
      );
    this.#ticks = [];
  }
}
