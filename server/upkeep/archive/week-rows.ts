import type { SegmentRows } from '../../ports/archive.ts';

/** Accounts of the house are in every file. */
const INTERNAL = ['house', 'open', 'funding'].flatMap((kind) =>
  ['PLAY', 'USD'].map((currency) => `${kind}:${currency}`),
);
/**
 * A bet that was placed in one segment and closed in another is in both, and so are its order, account and
 * key.
 */
const SHARED = {
  accounts: ['accounts', 'id'],
  sessions: ['keys', 'session_id'],
  intents: ['intents', 'id'],
  bets: ['bets', 'seq'],
} as const;
const OWN = {
  batches: 'batches',
  operator_actions: 'actions',
  ledger: 'ledger',
  revisions: 'revisions',
  ticks: 'ticks',
} as const;

/** How many rows a file of a week has by table: those of its segments, each once. */
export class WeekRows {
  readonly #shared = new Map<string, Set<unknown>>([['accounts', new Set<unknown>(INTERNAL)]]);
  readonly #own = new Map<string, number>();

  add(rows: SegmentRows): void {
    for (const [table, [part, key]] of Object.entries(SHARED)) {
      const known = this.#shared.get(table) ?? new Set();
      for (const row of rows[part]) known.add(row[key]);
      this.#shared.set(table, known);
    }
    for (const [table, part] of Object.entries(OWN))
      this.#own.set(table, (this.#own.get(table) ?? 0) + rows[part].length);
  }

  counts(): ReadonlyMap<string, number> {
    return new Map([
      ...this.#own,
      ...[...this.#shared].map(([table, known]): [string, number] => [table, known.size]),
    ]);
  }
}
