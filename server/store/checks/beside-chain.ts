import type { BesideCheck } from '../../ports/history.ts';
import { ACCOUNT_CHECKS, DAY_SUM_CHECKS } from './accounts.ts';
import { ARCHIVE_CHECKS, CHECKPOINT_CHECKS } from './archive.ts';
import { ORDER_CHECKS, SESSION_CHECKS } from './orders.ts';
import { OWN_LIMITS } from './own-limits.ts';

/**
 * What stands beside the hash chains: each question is a check of the report, and gives rows of `place` and
 * `detail` where it does not hold. What none of them can know is listed in
 * `server/upkeep/integrity/uncovered.ts`.
 */
export const BESIDE_CHAIN: Readonly<Record<BesideCheck, readonly string[]>> = {
  accounts: ACCOUNT_CHECKS,
  day_sums: DAY_SUM_CHECKS,
  own_limits: OWN_LIMITS,
  sessions: SESSION_CHECKS,
  orders: ORDER_CHECKS,
  checkpoints: CHECKPOINT_CHECKS,
  archive: ARCHIVE_CHECKS,
};
