import { PLACING_MS_MAX } from '../../game/acceptance.ts';
import { termsFor, type PublishedTerms } from '../../game/terms.ts';
import type { BetRecord } from '../../ports/history.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import type { Findings } from './findings.ts';
import type { Oracle } from './oracle.ts';

/** Where the deadline stands in the signed text of an order. */
const DEADLINE_LINE = 4;
/**
 * From this rule on nothing waits between the judging of an order and its commit for longer than is allowed.
 */
const BOUNDED_FROM_RULE = 2;

/**
 * Checks the order of the chain against the times: a row recorded after its outcome was known comes after
 * ticks, revisions or commits that it should precede. The walk passes each commit after its ticks and
 * revisions.
 */
export class ChainOrder {
  constructor(
    private readonly oracle: Oracle,
    private readonly findings: Findings,
    private readonly terms: readonly PublishedTerms[],
  ) {}

  /** Before the first terms a commit had the time of the wall clock, which may be set back. */
  commit({ seq, at }: BatchRow, before: { readonly seq: number; readonly at: number }): void {
    const first = this.terms[0];
    if (first !== undefined && seq > first.batch && at < before.at)
      this.#add(`batch ${seq}`, `is of ${at}, batch ${before.seq} of ${before.at}`);
  }

  placed(row: BetRecord, batch: BatchRow): void {
    const place = `bet ${row.id}`;
    const last = this.oracle.last;
    if (last !== null && last.at >= row.startMs)
      this.#add(place, `stands behind tick ${last.seq} of ${last.at}, its window opens at ${row.startMs}`);
    const terms = termsFor(batch.seq, this.terms);
    if (terms !== undefined && batch.seq >= terms.batch && row.rule !== terms.terms.rule)
      this.#add(place, `was taken under rule ${row.rule}, the terms have rule ${terms.terms.rule}`);
    if (row.rule < BOUNDED_FROM_RULE) return;
    if (Math.abs(row.placedAt - batch.at) > PLACING_MS_MAX)
      this.#add(place, `was placed as of ${row.placedAt}, its batch is of ${batch.at}`);
    const deadline = Number(row.text?.split('\n', DEADLINE_LINE + 1)[DEADLINE_LINE]);
    if (deadline < row.placedAt)
      this.#add(place, `was placed as of ${row.placedAt}, its deadline was ${deadline}`);
    const shownAt = this.oracle.revision(row.shownRevision)?.at;
    if (terms !== undefined && shownAt !== undefined && row.placedAt - shownAt > terms.terms.quoteTtlMs)
      this.#add(place, `was placed as of ${row.placedAt} by a quote of ${shownAt}`);
  }

  locked({ id, lockedRevision }: BetRecord): void {
    if ((lockedRevision ?? 0) > this.oracle.newestRevision)
      this.#add(`bet ${id}`, `was locked before revision ${lockedRevision} was there`);
  }

  closed({ id, closedTick, lockedRevision }: BetRecord): void {
    const newest = this.oracle.last?.seq ?? 0;
    if ((closedTick ?? 0) > newest) this.#add(`bet ${id}`, `was closed before tick ${closedTick} was there`);
    if ((lockedRevision ?? 0) > this.oracle.newestRevision)
      this.#add(`bet ${id}`, `was closed before revision ${lockedRevision} was there`);
  }

  #add(place: string, detail: string): void {
    this.findings.add('chain_order', place, detail);
  }
}
