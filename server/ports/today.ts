import type { DayFigures } from '../game/day-of-play.ts';
import type { Currency, Micros } from '../game/money.ts';

/** What the UTC day has brought an account so far. */
export interface Today extends DayFigures {
  /** When the day began, UTC epoch ms. */
  readonly day: number;
  readonly currency: Currency;
  /** With the stakes of open bets. */
  readonly balance: Micros;
  /** False while bets of the day are still to be read from the books. */
  readonly isWhole: boolean;
}

/** @returns null when the account is not there. */
export type LookAtToday = (accountId: string) => Today | null;
