import type { Bet, BetStatus } from '../game/bet.ts';
import { parseCellId } from '../game/grid.ts';
import { micros, multiplier, type Currency } from '../game/money.ts';
import { RULE_VERSIONS, type RuleVersion } from '../game/path.ts';
import type { VoidReason } from '../game/rejection.ts';

/** Columns of `bets b` under the names of {@link BetRow}. */
export const BET_COLUMNS = `b.seq, b.id, b.account_id AS "accountId", b.currency, b.simulated, b.cell, b.stake, b.shown, b.shown_revision AS "shownRevision",
  b.guard_percent AS "guardPercent", b.placed_at AS "placedAt", b.lock_at AS "lockAt", b.locked, b.locked_revision AS "lockedRevision", b.status, b.payout,
  b.closed_at AS "closedAt", b.closed_tick AS "closedTick", b.void_reason AS "voidReason", b.rule`;

export interface BetRow {
  readonly seq: number;
  readonly id: string;
  readonly accountId: string;
  readonly currency: Currency;
  readonly simulated: number;
  readonly cell: string;
  readonly stake: number;
  readonly shown: number;
  readonly shownRevision: number;
  readonly guardPercent: number;
  readonly placedAt: number;
  readonly lockAt: number;
  readonly locked: number | null;
  readonly lockedRevision: number | null;
  readonly status: BetStatus;
  readonly payout: number;
  readonly closedAt: number | null;
  readonly closedTick: number | null;
  readonly voidReason: VoidReason | null;
  readonly rule: number;
}

/** @throws Error when the row holds what no bet can be: the file was changed by other hands. */
export function betOf({ seq: _, simulated, cell, stake, shown, locked, payout, rule, ...row }: BetRow): Bet {
  const parsed = parseCellId(cell);
  if (parsed === null) throw new Error(`bet ${row.id} is on no cell: ${cell}`);
  if (!RULE_VERSIONS.includes(rule as RuleVersion))
    throw new Error(`bet ${row.id} was taken under rule version ${rule}, which this version does not know`);
  return {
    ...row,
    rule: rule as RuleVersion,
    simulated: simulated === 1,
    cell: parsed,
    stake: micros(stake),
    shown: multiplier(shown),
    locked: locked === null ? null : multiplier(locked),
    payout: micros(payout),
  };
}
