import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import {
  changedLimits,
  CHANGES_MS,
  CHANGES_PER_DAY_MAX,
  isTighter,
  limitsAt,
  sameLimits,
} from '../../game/own-limits.ts';
import type { Operation, OperationResult } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { assigned, insertInto, selected } from '../row-statements.ts';
import type { Row } from '../rows/table.ts';
import { LIMIT_CHANGES, LIMITS, limitsOf, limitsRow, type LimitsRow } from '../rows/limits.ts';
import type { Batch } from './batch.ts';

/**
 * The limits that traders set for themselves: the current ones on the account, and each change in a row of
 * its own. Taps are checked against them where they are debited.
 */
export class OwnLimitsDesk {
  readonly #statements: ReturnType<typeof statements>;

  constructor(db: Database) {
    this.#statements = statements(db);
  }

  /**
   * A change that changes nothing leaves no row. None is older than the one before it, whatever the clock
   * does.
   */
  change(
    { accountId, change, at: asked }: Extract<Operation, { kind: 'change-limits' }>,
    batch: Batch,
  ): OperationResult {
    const at = Math.max(asked, this.#statements.newest.get(accountId)?.at ?? 0);
    const row = this.#statements.limits.get(accountId);
    if (row === null) return { kind: 'refused', code: 'not_found' };
    const stored = limitsOf(row);
    const before = limitsAt(stored, at);
    const limits = changedLimits(stored, change, at);
    if (limits === 'pause_running') return { kind: 'limits', limits: before, refused: limits };
    if (sameLimits(limits, before)) return { kind: 'limits', limits, refused: null };
    const freeAt = isTighter(limits, before)
      ? at
      : (this.#statements.oldestCounted.get(accountId)?.at ?? at - CHANGES_MS) + CHANGES_MS;
    if (freeAt > at) return { kind: 'limits', limits: before, refused: 'rate_limited', freeAt };
    // A pause that is over stays written: only a later one takes its place.
    const changed = limitsRow({ ...limits, pausedUntil: limits.pausedUntil ?? stored.pausedUntil });
    this.#statements.set.run({ ...changed, accountId });
    const { seq } = present(this.#statements.last.get(), 'change of limits');
    this.#statements.note({ seq: seq + 1, accountId, batch: batch.seq, at, ...changed });
    return { kind: 'limits', limits, refused: null };
  }
}

const statements = (db: Database) => ({
  limits: prepare<LimitsRow>(
    db,
    `SELECT ${selected(LIMITS)} FROM accounts WHERE id = $1 AND kind = 'player'`,
  ),
  /** The change that has to be a day old before another one is taken. */
  oldestCounted: prepare<{ at: number }>(
    db,
    `SELECT at FROM limit_changes WHERE account_id = $1 ORDER BY seq DESC
    LIMIT 1 OFFSET ${CHANGES_PER_DAY_MAX - 1}`,
  ),
  newest: prepare<{ at: number }>(
    db,
    'SELECT at FROM limit_changes WHERE account_id = $1 ORDER BY seq DESC LIMIT 1',
  ),
  last: prepare<{ seq: number }>(db, 'SELECT COALESCE(MAX(seq), 0) AS seq FROM limit_changes'),
  set: db.prepare<unknown, [Row]>(`UPDATE accounts SET ${assigned(LIMITS)} WHERE id = $accountId`),
  note: insertInto(db, LIMIT_CHANGES),
});
