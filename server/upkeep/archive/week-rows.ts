import type { SegmentRows } from '../../ports/archive.ts';
import { PARTS } from '../../store/rows/segment-parts.ts';
import type { Row } from '../../store/rows/table.ts';

/** Accounts of the house are in every file. */
const INTERNAL = ['house', 'open', 'funding'].flatMap((kind) =>
  ['PLAY', 'USD'].map((currency) => `${kind}:${currency}`),
);
/**
 * A bet that was placed in one segment and closed in another is in both, and so are its order, account and
 * key.
 */
const SHARED = [
  ['accounts', 'accounts'],
  ['sessions', 'keys'],
  ['intents', 'intents'],
  ['bets', 'bets'],
] as const;
const OWN = ['batches', 'actions', 'ledger', 'revisions', 'shadow', 'ticks'] as const;

/** How many rows a file of a week has by table: those of its segments, each once. */
export class WeekRows {
  readonly #shared = new Map<string, Set<unknown>>([['accounts', new Set<unknown>(INTERNAL)]]);
  readonly #own = new Map<string, number>();

  add(rows: SegmentRows): void {
    for (const [table, part] of SHARED) {
      const known = this.#shared.get(table) ?? new Set();
      const { field: key } = PARTS[part].key[0];
      const own: readonly Row[] = rows[part];
      for (const row of own) known.add(row[key]);
      this.#shared.set(table, known);
    }
    for (const part of OWN) {
      const { name } = PARTS[part];
      this.#own.set(name, (this.#own.get(name) ?? 0) + rows[part].length);
    }
  }

  counts(): ReadonlyMap<string, number> {
    return new Map([
      ...this.#own,
      ...[...this.#shared].map(([table, known]): [string, number] => [table, known.size]),
    ]);
  }
}
