import type { NextRange, SegmentRange } from '../../ports/archive.ts';
import { Failure } from '../../ports/failure.ts';
import type { ArchiverOptions, ArchiverParts } from './archive-run.ts';

/**
 * A run continues down to this share of the excess bets, so that the next tap does not start another.
 */
const DRAINED_SHARE = 0.8;

/** What is archived next, and when that was decided, UTC epoch ms; or what the archive waits for. */
type NextSegment =
  | { readonly range: SegmentRange; readonly at: number }
  | { readonly range: null; readonly why: string };

/** Finds what is old enough, or too much. */
export class NextSegments {
  constructor(
    private readonly parts: Pick<ArchiverParts, 'source' | 'objects' | 'plan' | 'now'>,
    private readonly options: ArchiverOptions,
    private readonly planned: () => void | Promise<void>,
  ) {}

  /**
   * What is under way already comes first: a manifest that is stored, then a plan that was written down.
   * @param archived segments of this run so far.
   */
  async find(archived: number): Promise<NextSegment> {
    const { source, objects, plan, now } = this.parts;
    const number = source.archiveEnd().number + 1;
    const stored = await objects.manifest(objects.keyOf(number));
    if (stored !== null) {
      const { range, at } = stored.manifest;
      const same = source.rangeOf(number, range.firstBatch, range.lastBatch);
      if (same.range === null)
        throw new Failure(
          'archive_stopped',
          `${objects.store.name} has a segment ${number} that is not of these books: ${same.why}`,
        );
      if (JSON.stringify(same.range) !== JSON.stringify(range))
        throw new Failure(
          'archive_stopped',
          `${objects.store.name} has another segment ${number}: it ends with ` +
            `${range.chainOut.slice(0, 16)}…, these books with ${same.range.chainOut.slice(0, 16)}…`,
        );
      return { range, at };
    }
    const planned = plan.read(number);
    if (planned !== null) {
      const same = source.rangeOf(number, planned.firstBatch, planned.lastBatch);
      if (same.range !== null) return { range: same.range, at: planned.at };
    }
    const found = this.#cut(archived);
    if (found.range === null) return found;
    const at = now();
    plan.write({ number, firstBatch: found.range.firstBatch, lastBatch: found.range.lastBatch, at });
    await this.planned();
    return { range: found.range, at };
  }

  #cut(archived: number): NextRange {
    const { source, now } = this.parts;
    const { afterMs, ageMsMin, betsMax, rowsMax } = this.options;
    const old = source.nextRange({ until: now() - afterMs, rowsMax });
    const bets = source.liveBets();
    const full = archived === 0 ? bets > betsMax : bets > betsMax * DRAINED_SHARE;
    return old.range !== null || !full ? old : source.nextRange({ until: now() - ageMsMin, rowsMax });
  }
}
