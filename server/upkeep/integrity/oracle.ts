import { firstNotBefore } from '../../game/halving.ts';
import type { PathPoint } from '../../game/path.ts';
import type { GridRevision } from '../../game/revision.ts';
import { medianOf } from '../../game/tick.ts';
import { messageOf } from '../../ports/failure.ts';
import type { History } from '../../ports/history.ts';
import { TickChain } from '../../store/proof/tick-chain.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import { revisionOf, type RevisionRow } from '../../store/rows/revision.ts';
import { tickOf, type TickRow } from '../../store/rows/tick.ts';
import type { Findings } from './findings.ts';

/** Remembered of the newest; what is older is looked up. */
const TICKS_KEPT = 16_384;
const REVISIONS_KEPT = 4_096;

/** What stands before the part that is walked. */
interface Before {
  /** Head of the tick chain. */
  readonly tickHash: string;
  /** Number of a revision, or 0. */
  readonly newestRevision: number;
  /** The newest ones, oldest first. */
  readonly ticks: readonly TickRow[];
}

/** The log of ticks and revisions as the walk comes by, and the chain of the ticks. */
export class Oracle {
  readonly #ticks: PathPoint[] = [];
  readonly #revisions: GridRevision[] = [];
  readonly #byNumber = new Map<number, GridRevision>();
  readonly #chain: TickChain;
  #newestRevision: number;
  #before: PathPoint | null = null;

  constructor(
    private readonly history: History,
    private readonly findings: Findings,
    { tickHash, newestRevision, ticks }: Before,
  ) {
    this.#newestRevision = newestRevision;
    for (const row of ticks) this.#remember(tickOf(row));
    this.#chain = new TickChain({ hash: tickHash, tick: this.#before });
  }

  /** Number of the newest revision that the walk has come by. */
  get newestRevision(): number {
    return this.#newestRevision;
  }

  get last(): PathPoint | null {
    return this.#before;
  }

  takeTicks(batch: BatchRow, rows: readonly TickRow[]): void {
    if (this.#before === null && rows[0] !== undefined && rows[0].seq !== 1)
      this.findings.add('tick_chain', `tick ${rows[0].seq}`, 'is the first');
    for (const { place, detail } of this.#chain.take(batch, rows))
      this.findings.add('tick_chain', place, detail);
    for (const row of rows) {
      const tick = tickOf(row);
      if (tick.sources.length === 0 || medianOf(tick.sources.map(({ price }) => price)) !== tick.price)
        this.findings.add(
          'tick_price',
          `tick ${tick.seq}`,
          `at ${tick.price} is not the median of its venues`,
        );
      this.#remember(tick);
    }
  }

  takeRevisions(rows: readonly RevisionRow[]): void {
    for (const row of rows) {
      const number = row.revision;
      const revision = this.#read(row);
      if (revision === null) continue;
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

  /** Null, too, where what it had learned is not there: that was said when the walk came by it. */
  #found(find: () => GridRevision | null): GridRevision | null {
    try {
      return find();
    } catch {
      return null;
    }
  }

  /** Null where what it had learned cannot be read: nothing can be priced by it. */
  #read(row: RevisionRow): GridRevision | null {
    try {
      return revisionOf(row, (block) => this.history.learned(block));
    } catch (error) {
      this.findings.add('requote', `revision ${row.revision}`, messageOf(error));
      return null;
    }
  }

  revision(number: number): GridRevision | null {
    return this.#byNumber.get(number) ?? this.#found(() => this.history.revision(number));
  }

  /** The first revision at or after a time that the walk has come by; null when there is none. */
  revisionFrom(at: number): GridRevision | null {
    const index = lowest(this.#revisions, at);
    if (index > 0) return this.#revisions[index] ?? null;
    const looked = this.#found(() => this.history.revisionFrom(at));
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

/** Index of the first row at or after a time; the length when there is none. */
const lowest = (rows: readonly { readonly at: number }[], at: number): number =>
  firstNotBefore(rows, (row) => row.at < at);
