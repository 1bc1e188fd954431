import type { Database } from 'bun:sqlite';
import type { Closing } from '../game/day-of-play.ts';
import type { ClosingSpan } from '../ports/books.ts';
import { prepare } from './database.ts';

interface Placed {
  readonly version: number;
  readonly at: number;
}

/**
 * What closed for an account since a moment, by the versions of its ledger rows: they are in the order of
 * time, and there is an index for them, so no tap has to pay for a further one.
 */
export class AccountDay {
  readonly #newest;
  readonly #next;
  readonly #closings;

  constructor(db: Database) {
    this.#newest = prepare<{ version: number | null }>(
      db,
      'SELECT MAX(version) AS version FROM ledger WHERE account_id = $1',
    );
    this.#next = prepare<Placed>(
      db,
      'SELECT version, at FROM ledger WHERE account_id = $1 AND version >= $2 ORDER BY version LIMIT 1',
    );
    this.#closings = prepare<Closing>(
      db,
      `SELECT l.bet_id AS "betId", l.at, b.status AS outcome, b.stake, b.payout,
      COALESCE(b.locked, b.shown) AS multiplier
      FROM ledger l JOIN bets b ON b.id = l.bet_id
      WHERE l.account_id = $1 AND l.version > $2 AND l.version <= $3
      AND l.kind IN ('payout', 'loss', 'refund') ORDER BY l.version`,
    );
  }

  versionBefore(accountId: string, at: number): number {
    let below = this.#newestOf(accountId);
    let before = 0;
    // Each look halves what is left, however many rows there are; archived ones at the front are passed over.
    while (before < below) {
      const middle = Math.ceil((before + below) / 2);
      const found = this.#next.get(accountId, middle);
      if (found === null || found.at >= at) below = middle - 1;
      else before = found.version;
    }
    return before;
  }

  closingsAfter(accountId: string, version: number, versionsMax: number): ClosingSpan {
    const newest = this.#newestOf(accountId);
    const to = Math.min(newest, version + versionsMax);
    return {
      closings: to > version ? this.#closings.all(accountId, version, to) : [],
      version: Math.max(version, to),
      isAll: to >= newest,
    };
  }

  #newestOf(accountId: string): number {
    return this.#newest.get(accountId)?.version ?? 0;
  }
}
