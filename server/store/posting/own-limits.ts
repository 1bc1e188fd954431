import type { Database } from 'bun:sqlite';
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
import { LIMIT_COLUMNS, limitsOf, type LimitsRow } from '../limits-row.ts';
import type { Batch } from './batch.ts';

/**
 * The limits that traders set for themselves: what holds on the account, and each change in a row of its own.
 * Taps are held against them where they are debited.
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
    const { dailyLoss, loosening, guardPercent, reminderMinutes } = limits;
    // A pause that is over stays written: only a later one takes its place.
    const values = [
      dailyLoss,
      loosening?.at ?? null,
      loosening?.dailyLoss ?? null,
      limits.pausedUntil ?? stored.pausedUntil,
      guardPercent,
      reminderMinutes,
    ] as const;
    this.#statements.set.run(...values, accountId);
    this.#statements.note.run(accountId, batch.seq, at, ...values);
    return { kind: 'limits', limits, refused: null };
  }
}

const statements = (db: Database) => ({
  limits: prepare<LimitsRow>(db, `SELECT ${LIMIT_COLUMNS} FROM accounts WHERE id = $1 AND kind = 'player'`),
  /** The change that has to be a day old before another one is taken. */
  oldestCounted: prepare<{ at: number }>(
    db,
    `SELECT at FROM limit_changes WHERE account_id = $1 ORDER BY seq DESC LIMIT 1 OFFSET ${CHANGES_PER_DAY_MAX - 1}`,
  ),
  newest: prepare<{ at: number }>(
    db,
    'SELECT at FROM limit_changes WHERE account_id = $1 ORDER BY seq DESC LIMIT 1',
  ),
  set: prepare(
    db,
    `UPDATE accounts SET daily_loss_max = $1, loosens_at = $2, loosens_to = $3, paused_until = $4, guard_percent = $5, reminder_minutes = $6 WHERE id = $7`,
  ),
  note: prepare(
    db,
    `INSERT INTO limit_changes (seq, account_id, batch, at, daily_loss_max, loosens_at, loosens_to, paused_until, guard_percent, reminder_minutes)
    VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM limit_changes), $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
  ),
});
