import type { BatchRow } from '../rows/batch.ts';
import type { TickRow } from '../rows/tick.ts';
import type { Break } from './break.ts';
import { tickHash } from './hash.ts';

/** Where the tick chain stands: its head, and the last tick; null where that is not known. */
export interface TickHead {
  readonly hash: string;
  readonly tick: Pick<TickRow, 'seq' | 'at'> | null;
}

/**
 * The proof of the tick chain, commit by commit: the caller hands over the ticks of each commit in their
 * order, wherever they come from, and learns where they are not as written.
 */
export class TickChain {
  #hash: string;
  #before: TickHead['tick'];

  constructor({ hash, tick }: TickHead) {
    this.#hash = hash;
    this.#before = tick;
  }

  /** Head of the chain after the commits that were taken, as it is written. */
  get hash(): string {
    return this.#hash;
  }

  /** @param ticks of the commit, maybe none. */
  take(batch: Pick<BatchRow, 'seq' | 'tickHash'>, ticks: readonly TickRow[]): Break[] {
    const breaks = ticks.flatMap((tick) => this.#follow(tick, tick === ticks.at(-1)));
    const last = ticks.at(-1);
    const expected = last === undefined ? this.#hash : tickHash(this.#hash, ticks);
    if (last !== undefined && last.hash !== expected)
      breaks.push({
        place: `tick ${last.seq}`,
        detail: `does not have the hash of ticks ${ticks[0]!.seq} to ${last.seq}`,
      });
    if (batch.tickHash !== expected)
      breaks.push({ place: `batch ${batch.seq}`, detail: 'does not name the head of the tick chain' });
    // The walk continues with the written head, so that one changed tick is reported once.
    this.#hash = batch.tickHash;
    return breaks;
  }

  #follow(tick: TickRow, isLast: boolean): Break[] {
    const before = this.#before;
    const details: string[] = [];
    if (before !== null && tick.seq !== before.seq + 1) details.push(`follows tick ${before.seq}`);
    if (before !== null && tick.at < before.at) details.push(`is earlier than tick ${before.seq}`);
    if (!isLast && tick.hash !== null) details.push('carries a hash and is not the last of its batch');
    this.#before = tick;
    return details.map((detail) => ({ place: `tick ${tick.seq}`, detail }));
  }
}
