import type { PathPoint } from '../path.ts';
import type { GridRevision } from '../revision.ts';
import { SHADOW_EVERY_MS } from './shadow-book.ts';
import type { ShadowBlock, ShadowWatch } from './shadow-watch.ts';

/** A log to go through again. */
export interface ShadowLog {
  /** In their order, with some from before the first revision. */
  readonly ticks: Iterable<PathPoint>;
  /** The first revision at or after `at` ms, null while there is none. */
  revisionFrom(at: number): GridRevision | null;
}

/**
 * Lets a watch see a part of the log again.
 * @param from where its first revision is looked for, a multiple of {@link SHADOW_EVERY_MS}.
 * @returns the blocks that the ticks end, in their order.
 */
export function* replayShadow(watch: ShadowWatch, log: ShadowLog, from: number): Generator<ShadowBlock> {
  let next: GridRevision | null = null;
  let expectedFrom = from;
  for (const tick of log.ticks) {
    yield* watch.onTick(tick);
    if (tick.at >= expectedFrom) next ??= log.revisionFrom(expectedFrom);
    if (next?.tickSeq !== tick.seq) continue;
    watch.onRevision(next);
    expectedFrom = (Math.floor(next.at / SHADOW_EVERY_MS) + 1) * SHADOW_EVERY_MS;
    next = null;
  }
}
