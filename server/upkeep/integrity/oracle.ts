import type { PathPoint } from '../../game/path.ts';
import type { GridRevision } from '../../game/revision.ts';
import { medianOf } from '../../game/tick.ts';
import type { BatchRecord, History, RevisionRecord, TickRecord } from '../../ports/history.ts';
import type { Findings } from './findings.ts';

/** Remembered of the newest; what is older is looked up. */
const TICKS_KEPT = 16_384;
const REVISIONS_KEPT = 4_096;

/** The log of ticks and revisions as the walk comes by, and the chain of the ticks. */
export class Oracle {
  readonly #ticks: PathPoint[] = [];
  readonly #revisions: GridRevision[] = [];
  readonly #byNumber = new Map<number, GridRevision>();
  #head: string;
  #newestRevision: number;
  #before: PathPoint | null = null;

  /** @param newestRevision of before the part that is walked, or 0. */
  constructor(
    private readonly history: History,
    private readonly findings: Findings,
    head: string,
    newestRevision: number,
  ) {
    this.#head = head;
    this.#newestRevision = newestRevision;
  }

  /** Number of the newest revision that the walk has come by. */
  get newestRevision(): number {
    return this.#newestRevision;
  }

  get last(): PathPoint | null {
    return this.#before;
  }

  /** Ticks from before the part that is walked. */
  recall(ticks: readonly TickRecord[]): void {
    for (const { tick } of ticks) this.#remember(tick);
  }

  /** @returns the head of the tick chain after the batch, as it is written: one changed tick is told once. */
  takeTicks(batch: BatchRecord, records: readonly TickRecord[]): string {
    for (const [index, { tick, hash }] of records.entries()) {
      const place = `tick ${tick.seq}`;
      const before = this.#before;
      if (before !== null && tick.seq !== before.seq + 1)
        this.findings.add('tick_chain', place, `follows tick ${before.seq}`);
      if (before === null && tick.seq !== 1) this.findings.add('tick_chain', place, 'is the first');
      if (before !== null && tick.at < before.at)
        this.findings.add('tick_chain', place, `is earlier than tick ${before.seq}`);
      if (index < records.length - 1 && hash !== null)
        this.findings.add('tick_chain', place, 'carries a hash and is not the last of its batch');
      if (tick.sources.length === 0 || medianOf(tick.sources.map(({ price }) => price)) !== tick.price)
        this.findings.add('tick_price', place, `at ${tick.price} is not the median of its venues`);
      this.#remember(tick);
    }
    const last = records.at(-1);
    const expected =
      last === undefined
        ? this.#head
        : this.history.tickHash(
            this.#head,
            records.map(({ tick }) => tick),
          );
    if (last !== undefined && last.hash !== expected)
      this.findings.add(
        'tick_chain',
        `tick ${last.tick.seq}`,
        `does not have the hash of ticks ${records[0]!.tick.seq} to ${last.tick.seq}`,
      );
    if (batch.tickHash !== expected)
      this.findings.add('tick_chain', `batch ${batch.seq}`, 'does not name the head of the tick chain');
    this.#head = batch.tickHash;
    return batch.tickHash;
  }

  takeRevisions(records: readonly RevisionRecord[]): void {
    for (const { revision, number } of records) {
      const before = this.#revisions.at(-1);
      if (before !== undefined && (number <= before.revision || revision.at < before.at))
        this.findings.add('tick_price', `revision ${number}`, `does not follow revision ${before.revision}`);
      const tick = this.#tick(revision.tickSeq);
      if (tick === undefined || tick.price !== revision.inputs.spot)
        this.findings.add(
          'tick_price',
          `revision ${number}`,
          `stands on ${revision.inputs.spot}, tick ${revision.tickSeq} on ${tick?.price ?? 'nothing'}`,
        );
      this.#revisions.push(revision);
      this.#byNumber.set(number, revision);
      this.#newestRevision = Math.max(number, this.#newestRevision);
    }
    while (this.#revisions.length > 2 * REVISIONS_KEPT)
      for (const { revision } of this.#revisions.splice(0, REVISIONS_KEPT)) this.#byNumber.delete(revision);
  }

  revision(number: number): GridRevision | null {
    return this.#byNumber.get(number) ?? this.history.revision(number);
  }

  /** The first revision at or after a time that the walk has come by; null when there is none. */
  revisionFrom(at: number): GridRevision | null {
    const index = lowest(this.#revisions, at);
    if (index > 0) return this.#revisions[index] ?? null;
    const looked = this.history.revisionFrom(at);
    const newest = this.#revisions.at(-1);
    return looked !== null && newest !== undefined && looked.revision <= newest.revision ? looked : null;
  }

  /** From the last tick before `from` to the first at or after `to`, as far as the walk has come. */
  path(from: number, to: number): readonly PathPoint[] {
    const first = lowest(this.#ticks, from);
    if (first > 0) return this.#ticks.slice(first - 1, lowest(this.#ticks, to) + 1);
    const newest = this.#ticks.at(-1)?.seq ?? 0;
    return this.history.path(from, to).filter(({ seq }) => seq <= newest);
  }

  #tick(seq: number): PathPoint | undefined {
    const index = seq - (this.#ticks[0]?.seq ?? 0);
    const kept = this.#ticks[index];
    return kept?.seq === seq ? kept : (this.history.tick(seq) ?? undefined);
  }

  #remember(tick: PathPoint): void {
    this.#before = tick;
    this.#ticks.push(tick);
    if (this.#ticks.length > 2 * TICKS_KEPT) this.#ticks.splice(0, TICKS_KEPT);
  }
}

/** Index of the first row at or after a time, by halving; the length when there is none. */
function lowest(rows: readonly { readonly at: number }[], at: number): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rows[middle]!.at < at) from = middle + 1;
    else to = middle;
  }
  return from;
}
