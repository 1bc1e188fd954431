import { micros, type Micros } from '../../game/money.ts';
import type { Closing } from '../../game/day-of-play.ts';
import { LEADERBOARD_PERIODS, type LeaderboardPeriod, type Leader } from '../../ports/crowd.ts';

export interface Result extends Pick<Leader, 'hit' | 'bets'> {
  /** Below zero for a loss. */
  readonly profit: Micros;
}
/** When the periods that count now began, UTC epoch ms. */
export type Since = Readonly<Record<LeaderboardPeriod, number>>;

const DAY_MS = 86_400_000;
/** The epoch began on a Thursday, weeks begin on Mondays. */
const MONDAY_MS = 4 * DAY_MS;
export const PERIOD_MS: Readonly<Record<LeaderboardPeriod, number>> = { day: DAY_MS, week: 7 * DAY_MS };

/** The UTC day and the week from Monday to Sunday that a time is in. */
export const periodsAt = (now: number): Since => ({
  day: now - (now % DAY_MS),
  week: now - ((now - MONDAY_MS) % PERIOD_MS.week),
});

const NOTHING: Result = { profit: micros(0), hit: null, bets: 0 };

/** What one account has won and lost in the day and in the week. */
export class AccountResults {
  #since: Since;
  #of: Record<LeaderboardPeriod, Result> = { day: NOTHING, week: NOTHING };

  constructor(since: Since) {
    this.#since = since;
  }

  /** Of a period that began since there is nothing yet. */
  of(period: LeaderboardPeriod, since: Since): Result {
    return this.#since[period] === since[period] ? this.#of[period] : NOTHING;
  }

  /** A bet that has closed; a refund is no result. */
  add({ at, outcome, stake, payout, multiplier }: Closing, since: Since): void {
    if (outcome === 'void') return;
    for (const period of LEADERBOARD_PERIODS) {
      const { profit, hit, bets } = this.of(period, since);
      const counts = at >= since[period];
      this.#of[period] = counts
        ? {
            profit: micros(profit + payout - stake),
            hit: outcome === 'won' && multiplier > (hit ?? 0) ? multiplier : hit,
            bets: bets + 1,
          }
        : { profit, hit, bets };
    }
    this.#since = since;
  }
}
