import type { Database } from 'bun:sqlite';
import { prepare } from '../database.ts';
import { BLOCKED_RANGES, type RangeRow } from '../restricted.ts';

/** Ranges of addresses that can be blocked at one time: each new caller is checked against all of them. */
const BLOCKED_RANGES_MAX = 1_000;

/** The ranges that operators have blocked, as the newest of their actions on each says. */
export class BlockedRanges {
  readonly #blocked = new Set<string>();

  constructor(db: Database) {
    for (const { range } of prepare<RangeRow>(db, BLOCKED_RANGES).iterate()) this.#blocked.add(range);
  }

  /** @returns whether it was blocked before, or why nothing was changed. */
  change(range: string, blocked: boolean): boolean | 'not_found' | 'too_many' {
    const before = this.#blocked.has(range);
    if (!blocked && !before) return 'not_found';
    if (blocked && !before && this.#blocked.size >= BLOCKED_RANGES_MAX) return 'too_many';
    if (blocked) this.#blocked.add(range);
    else this.#blocked.delete(range);
    return before;
  }
}
