import type { Currency } from '../../game/money.ts';
import type { VoidReason } from '../../game/rejection.ts';
import { integer, real, table, textOf, type RowOf } from './table.ts';

/** What closed bets staked and returned, by locked multiplier. */
export const RETURNS = table(
  'multiplier_returns',
  {
    currency: textOf<Currency>(),
    multiplier: integer,
    bets: integer,
    staked: integer,
    paid: integer,
    /** Sums of payout / stake, and of its squares. */
    returns: real,
    returnSquares: real,
  },
  ['currency', 'multiplier'],
);

export type ReturnRow = RowOf<typeof RETURNS>;

/** Stakes that came back, by reason. */
export const VOIDS = table(
  'void_counts',
  { currency: textOf<Currency>(), reason: textOf<VoidReason>(), bets: integer },
  ['currency', 'reason'],
);

export type VoidRow = RowOf<typeof VOIDS>;
