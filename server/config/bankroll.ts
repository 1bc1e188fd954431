import { money, percent } from '../config-value.ts';
import { key } from '../config-key.ts';

/** The house's money, and how much of it may be at stake. */
export const BANKROLL = {
  playBankrollMicros: key(
    'PLAY_BANKROLL_DOLLARS',
    money(0, 900_000_000),
    '10000000',
    '1000000',
    'Play dollars of the house at the first start.',
  ),
  usdBankrollMicros: key(
    'USD_BANKROLL_DOLLARS',
    money(0, 900_000_000),
    '0',
    '50000',
    'Dollars of the house at the first start; with 0 no real-money tap is taken.',
  ),
  practiceGrantMicros: key(
    'PRACTICE_GRANT_DOLLARS',
    money(1, 1_000_000),
    '10000',
    '500',
    'Play dollars of a new practice account.',
  ),
  exposureCellPercent: key(
    'EXPOSURE_CELL_PERCENT',
    percent(0.001, 100),
    '0.5',
    '0.5',
    'Most that one cell may pay out, of the bankroll.',
  ),
  exposureColumnPercent: key(
    'EXPOSURE_COLUMN_PERCENT',
    percent(0.001, 100),
    '1',
    '1',
    'Most that one column may pay out, of the bankroll.',
  ),
  exposureTotalPercent: key(
    'EXPOSURE_TOTAL_PERCENT',
    percent(0.001, 100),
    '5',
    '5',
    'Most that all open bets may pay out, of the bankroll.',
  ),
  exposureAccountPercent: key(
    'EXPOSURE_ACCOUNT_PERCENT',
    percent(0.001, 100),
    '0.2',
    '0.2',
    'Most that the open bets of one account may pay out, of the bankroll.',
  ),
} as const;
