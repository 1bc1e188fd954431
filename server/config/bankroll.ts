import { money, percent } from '../config-value.ts';
import { key } from '../config-key.ts';

/** The house's money, and how much of it may be at stake. */
export const BANKROLL = {
  playBankrollMicros: key(
    'PLAY_BANKROLL_DOLLARS',
    money(0, 900_000_000),
    '10000000',
    '1000000',
    "The house's play-money bankroll at the first start.",
  ),
  usdBankrollMicros: key(
    'USD_BANKROLL_DOLLARS',
    money(0, 900_000_000),
    '0',
    '50000',
    "The house's real-money bankroll at the first start; with 0, real-money taps are refused.",
  ),
  practiceGrantMicros: key(
    'PRACTICE_GRANT_DOLLARS',
    money(1, 1_000_000),
    '10000',
    '500',
    'Play money of a new practice account.',
  ),
  exposureCellPercent: key(
    'EXPOSURE_CELL_PERCENT',
    percent(0.001, 100),
    '0.5',
    '0.5',
    'Most that one cell may pay out, as a share of the bankroll.',
  ),
  exposureColumnPercent: key(
    'EXPOSURE_COLUMN_PERCENT',
    percent(0.001, 100),
    '1',
    '1',
    'Most that one column may pay out, as a share of the bankroll.',
  ),
  exposureTotalPercent: key(
    'EXPOSURE_TOTAL_PERCENT',
    percent(0.001, 100),
    '5',
    '5',
    'Most that all open bets may pay out, as a share of the bankroll.',
  ),
  exposureAccountPercent: key(
    'EXPOSURE_ACCOUNT_PERCENT',
    percent(0.001, 100),
    '0.2',
    '0.2',
    'Most that the open bets of one account may pay out, as a share of the bankroll.',
  ),
} as const;
