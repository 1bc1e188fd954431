import type { CellId } from '../game/grid.ts';
import type { Currency, Micros, Multiplier } from '../game/money.ts';

/** A bet that was won, as everybody may see it: without account, bet or stake. */
export interface Win {
  /** UTC epoch ms. */
  readonly at: number;
  /** What it paid beyond its stake. */
  readonly profit: Micros;
  readonly multiplier: Multiplier;
  /** Of the board that it was placed on. */
  readonly windowMs: number;
  readonly currency: Currency;
  /** Of a trader who has agreed to be shown; null for everybody else. */
  readonly name: string | null;
}

/** How wanted a cell is, by the accounts that have open bets on it: a few, several, many. */
export type Want = 1 | 2 | 3;

export interface WantedCell {
  readonly cell: CellId;
  readonly want: Want;
}

/** What everybody together is doing, made once a second at most. */
export interface Crowd {
  /** Who has the board open. */
  readonly people: number;
  /** Newest first. */
  readonly wins: readonly Win[];
  /** The most wanted first. */
  readonly wanted: readonly WantedCell[];
}

export const NO_CROWD: Crowd = { people: 0, wins: [], wanted: [] };

export const LEADERBOARD_PERIODS = ['day', 'week'] as const;
export type LeaderboardPeriod = (typeof LEADERBOARD_PERIODS)[number];
export const LEADERBOARD_ORDERS = ['profit', 'hit'] as const;
export type LeaderboardOrder = (typeof LEADERBOARD_ORDERS)[number];

/** A practice account whose trader has agreed to be shown. */
export interface Leader {
  readonly name: string;
  /** Payouts minus stakes of the bets that closed in the period; grants are no profit. Null for a loss. */
  readonly profit: Micros | null;
  /** The highest multiplier at which it won a bet in the period; null while it has won none. */
  readonly hit: Multiplier | null;
  /** Its bets that closed in the period, without refunded ones. */
  readonly bets: number;
}

export interface Leaderboard {
  /** From when on bets count, and when the next period begins, UTC epoch ms. */
  readonly since: number;
  readonly until: number;
  /** The best first. */
  readonly leaders: Readonly<Record<LeaderboardOrder, readonly Leader[]>>;
}

export interface Leaderboards extends Readonly<Record<LeaderboardPeriod, Leaderboard>> {
  /** After a start the bets of the week are counted anew; until that is done, some may lack. */
  readonly counting: boolean;
}

/** Rows of each list. */
export const LEADERS_SHOWN = 20;
