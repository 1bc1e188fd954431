/**
 * Why something is refused: one closed list, in order of precedence, each with a stable code, an HTTP status
 * and a sentence for a human.
 * Clients depend on the codes; more may be added at the place in the order where they are checked.
 */
export const REJECTIONS = [
  ['bad_request', 400, 'That message is not of the shape that the API takes.'],
  ['payload_too_large', 413, 'That message is larger than is taken here.'],
  ['body_timeout', 408, 'The message did not arrive in time; send it again.'],
  ['unsupported_encoding', 415, 'Bodies are taken as they are: send it again without Content-Encoding.'],
  ['not_found', 404, 'There is nothing at that address.'],
  ['archived', 409, 'That is in the archive: ask for it to be fetched, then come back.'],
  ['method_not_allowed', 405, 'That method is not taken at this address.'],
  ['wrong_origin', 403, 'That request came from another site.'],
  ['unauthenticated', 401, 'Sign in first: there is no session, or it has ended.'],
  ['rate_limited', 429, 'Too many requests; slow down a little.'],
  ['deadline_passed', 400, 'The tap arrived after its deadline.'],
  ['deadline_too_far', 400, 'The deadline is further ahead than is taken here.'],
  ['nonce_reused', 409, 'This nonce was used before for something else.'],
  ['bad_signature', 401, 'The signature does not match the session key.'],
  ['challenge_expired', 401, 'That sign-in request has ended; start again.'],
  [
    'login_failed',
    401,
    'The signature is not from the account that was named. Smart-contract wallets cannot sign in here yet; use a plain account.',
  ],
  ['key_reused', 409, 'This session key was registered before; make a new one.'],
  ['practice_only', 409, 'That is for practice accounts: play money alone is handed out here.'],
  [
    'not_empty',
    409,
    'There is still play money: an account is refilled when it cannot cover the lowest stake and has no open bets.',
  ],
  ['refilled_today', 409, 'This account was refilled today; it can be again after midnight UTC.'],
  ['pause_running', 409, 'A pause cannot be ended or shortened.'],
  ['halted', 503, 'Taps are paused right now; open bets go on.'],
  ['busy', 503, 'The house is busy; nothing was deducted. Try again.'],
  ['warming_up', 503, 'Real-money taps start when the volatility estimate is warm.'],
  ['simulated_prices', 409, 'Prices are simulated right now: play money only.'],
  ['account_paused', 403, 'You paused your account: no bets are taken until the pause ends.'],
  ['unknown_cell', 409, 'That cell is not on the grid.'],
  ['column_locked', 409, 'That column is locked: it opens too soon.'],
  ['quote_expired', 409, 'That multiplier is too old; the board has moved on.'],
  ['quote_mismatch', 409, 'That multiplier was not on offer for this cell.'],
  ['not_for_sale', 409, 'That cell is not for sale right now.'],
  ['price_moved', 409, 'The multiplier moved too far while you tapped.'],
  ['stake_not_offered', 400, 'That stake is not one of the presets.'],
  ['stake_over_scope', 403, 'That stake is above what this session key may spend.'],
  ['daily_cap', 403, 'This session key has reached its daily cap.'],
  ['duplicate_cell', 409, 'You already have a bet on that cell.'],
  ['too_many_open_bets', 409, 'You have as many open bets as are allowed.'],
  ['daily_loss_limit', 409, 'You have reached the daily loss limit that you set.'],
  ['exposure_account', 409, 'The possible payout of your open bets is at its limit.'],
  ['exposure_cell', 409, 'This cell is sold out.'],
  ['exposure_column', 409, 'This column is sold out.'],
  ['exposure_total', 409, 'The house has sold as much as it can cover.'],
  ['insufficient_balance', 409, 'Your balance does not cover that stake.'],
  ['unknown', 503, 'It is not known whether this went through: retry with the same nonce.'],
  ['internal', 500, 'Something went wrong on our side; nothing was deducted.'],
] as const;

export type RejectionCode = (typeof REJECTIONS)[number][0];

export interface Rejection {
  readonly code: RejectionCode;
  readonly status: number;
  readonly message: string;
}

const BY_CODE: ReadonlyMap<RejectionCode, Rejection> = new Map(
  REJECTIONS.map(([code, status, message]) => [code, { code, status, message }]),
);

export const rejection = (code: RejectionCode): Rejection => BY_CODE.get(code)!;

/** Why a stake came back. */
export const VOID_REASONS = {
  gap: 'Prices were missing for too long in this window.',
  moved: 'The multiplier fell below your guard while the tap was held.',
  no_revision: 'No quote was made between the tap and the opening of the window.',
  operator: 'The house called this window off by hand.',
} as const;
export type VoidReason = keyof typeof VOID_REASONS;
