import { rejectionCalled, VOID_REASONS, type RejectionCode } from '../../server/game/rejection.ts';

/** Sentences that speak to the trader, as they read on pages that anybody reads. */
const REFUSALS: Readonly<Partial<Record<string, string>>> = {
  price_moved: 'The multiplier moved too far while they tapped.',
  address_blocked: 'The operator had blocked their address.',
  account_blocked: 'The operator had blocked their account.',
  account_stake_limit: 'The stake was above the limit of their account.',
  account_daily_limit: 'Their account had reached its daily stake limit.',
  account_payout_limit: 'Their open bets could pay as much as their account was allowed.',
  account_paused: 'They had paused their account.',
  duplicate_cell: 'They already had a bet on that cell.',
  too_many_on_cell: 'They already had as many bets on that cell as are allowed.',
  too_many_open_bets: 'They had reached the maximum number of open bets.',
  daily_loss_limit: 'They had reached the daily loss limit that they set.',
  exposure_account: 'The possible payout of their open bets was at its limit.',
  insufficient_balance: 'Their balance did not cover that stake.',
} satisfies Partial<Record<RejectionCode, string>>;

/** Why a tap was refused; a code that is not known stays as it is. */
export const publicRefusal = (code: string): string =>
  REFUSALS[code] ?? rejectionCalled(code)?.message ?? code;

const WHY_VOID: Readonly<Partial<Record<string, string>>> = VOID_REASONS;

/** Why a stake came back; a reason that is not known stays as it is. */
export const publicVoidReason = (reason: string): string =>
  reason === 'moved'
    ? 'The multiplier fell below their guard before it was locked.'
    : (WHY_VOID[reason] ?? reason);
