import { present } from './present.ts';

/**
 * Why something is refused: one closed list, in order of precedence, each with a stable code, an HTTP status
 * and a sentence for a human. Clients depend on the codes; more may be added at the place in the order where
 * they are checked.
 */
export const REJECTIONS = [
  ['bad_request', 400, 'That request does not have the expected form.'],
  ['payload_too_large', 413, 'That message is too large.'],
  ['body_timeout', 408, 'The message did not arrive in time. Send it again.'],
  [
    'unsupported_encoding',
    415,
    'Compressed bodies are not accepted. Send it again without Content-Encoding.',
  ],
  ['not_found', 404, 'Nothing exists at that address.'],
  ['archived', 409, 'That is in the archive. Request it, then try again.'],
  ['method_not_allowed', 405, 'That address does not accept this method.'],
  ['wrong_origin', 403, 'That request came from another site.'],
  ['address_blocked', 403, 'The operator has blocked your address. Open bets continue and are paid.'],
  ['unauthenticated', 401, 'Not signed in, or the session has ended. Sign in first.'],
  ['rate_limited', 429, 'Too many requests. Slow down a little.'],
  ['deadline_passed', 400, 'The tap arrived after its deadline.'],
  ['deadline_too_far', 400, 'The deadline is too far ahead.'],
  ['nonce_reused', 409, 'This nonce was already used for a different order.'],
  ['bad_signature', 401, 'The signature does not match the session key.'],
  ['challenge_expired', 401, 'That sign-in request has expired. Start again.'],
  [
    'login_failed',
    401,
    'The signature does not belong to the account that was named. ' +
      'Smart-contract wallets cannot sign in yet; use a regular account.',
  ],
  ['key_reused', 409, 'This session key is already registered. Create a new one.'],
  ['practice_only', 409, 'That is for practice accounts only: we hand out play money, never real money.'],
  [
    'not_empty',
    409,
    'There is still play money. An account can be refilled when it cannot cover the lowest stake and ' +
      'has no open bets.',
  ],
  [
    'refilled_today',
    409,
    'This account was already refilled today. The next refill is possible after midnight UTC.',
  ],
  ['unknown_board', 400, 'There is no such board.'],
  ['name_refused', 400, 'That name cannot be used here. Choose another one.'],
  ['name_taken', 409, 'Somebody has that name, or one that looks like it. Choose another one.'],
  ['names_full', 409, 'No more names can be given out right now.'],
  ['pause_running', 409, 'A pause cannot be ended or shortened.'],
  ['halted', 503, 'Taps are paused right now. Open bets continue.'],
  ['busy', 503, 'The house is busy. Nothing was deducted; try again.'],
  ['warming_up', 503, 'Real-money taps open once we have enough recent prices to estimate volatility.'],
  [
    'head_start_unmeasured',
    503,
    'Real-money taps open once we have measured how far single exchanges run ahead of our price. ' +
      'The fairness page shows how long that takes; play money works now.',
  ],
  ['simulated_prices', 409, 'Prices are simulated right now, so only play money is accepted.'],
  [
    'account_blocked',
    403,
    'The operator has blocked this account. You cannot bet or sign in; open bets continue and are paid.',
  ],
  ['account_paused', 403, 'You paused your account. You cannot bet until the pause ends.'],
  ['unknown_cell', 409, 'That cell is not on the grid.'],
  ['column_locked', 409, 'That column is locked. It opens too soon to tap.'],
  ['maintenance', 409, 'That window would overlap the announced maintenance.'],
  ['quote_expired', 409, 'That multiplier has expired. The board has moved on.'],
  ['quote_mismatch', 409, 'That multiplier was never offered for this cell.'],
  ['not_for_sale', 409, 'That cell takes no bets right now.'],
  ['price_moved', 409, 'The multiplier moved too far while you tapped.'],
  ['stake_not_offered', 400, 'That stake is not on offer.'],
  ['stake_over_scope', 403, 'That stake is above the limit of this session key.'],
  ['account_stake_limit', 409, 'That stake is above the limit that the operator set for your account.'],
  ['daily_cap', 403, 'This session key has reached its daily cap.'],
  [
    'account_daily_limit',
    409,
    'Your account has reached the daily stake limit that the operator set for it.',
  ],
  ['duplicate_cell', 409, 'You already have a bet on that cell.'],
  ['too_many_on_cell', 409, 'You already have as many bets on that cell as are allowed.'],
  ['too_many_open_bets', 409, 'You have reached the maximum number of open bets.'],
  ['daily_loss_limit', 409, 'You have reached the daily loss limit that you set.'],
  [
    'account_payout_limit',
    409,
    'The possible payout of your open bets has reached the limit that the operator set.',
  ],
  ['exposure_account', 409, 'The possible payout of your open bets has reached its limit.'],
  ['exposure_cell', 409, 'This cell is sold out.'],
  ['exposure_column', 409, 'This column is sold out.'],
  ['exposure_total', 409, 'The house cannot cover any more bets right now.'],
  ['insufficient_balance', 409, 'Your balance does not cover that stake.'],
  ['unknown', 503, 'We do not know yet whether this went through. Retry with the same nonce.'],
  ['internal', 500, 'Something went wrong on our side. Nothing was deducted.'],
] as const;

export type RejectionCode = (typeof REJECTIONS)[number][0];

export interface Rejection {
  readonly code: RejectionCode;
  readonly status: number;
  readonly message: string;
}

const BY_CODE: ReadonlyMap<string, Rejection> = new Map(
  REJECTIONS.map(([code, status, message]) => [code, { code, status, message }]),
);

export const rejection = (code: RejectionCode): Rejection => present(BY_CODE.get(code), `rejection ${code}`);

/** Of a code that came from outside; undefined where there is none of that name. */
export const rejectionCalled = (code: string): Rejection | undefined => BY_CODE.get(code);

/** Why a stake came back. */
export const VOID_REASONS = {
  gap: 'Prices were missing for too long in this window.',
  moved: 'The multiplier fell below your guard before it was locked.',
  no_revision: 'No new multiplier came between the tap and the opening of the window.',
  operator: 'The house cancelled this window by hand.',
} as const;
export type VoidReason = keyof typeof VOID_REASONS;
