import { micros } from '../../game/money.ts';
import type { Bet } from '../../game/bet.ts';
import type { Win } from '../../ports/crowd.ts';

/** Wins that are remembered to be shown. */
const WINS_SHOWN = 8;
/** Of one second: more could not be read, so those with the highest multipliers stand for all. */
const WINS_PER_SECOND_MAX = 3;

type Won = Omit<Win, 'name'> & { readonly accountId: string };

/** The newest wins of everybody. */
export class WinTape {
  #wins: readonly Won[] = [];
  #fresh: Won[] = [];

  add({ accountId, currency, cell, stake, payout, locked, closedAt }: Bet): void {
    if (locked === null || closedAt === null) return;
    const { windowMs } = cell;
    const profit = micros(payout - stake);
    this.#fresh.push({ at: closedAt, profit, multiplier: locked, windowMs, currency, accountId });
    if (this.#fresh.length > WINS_PER_SECOND_MAX)
      this.#fresh = this.#fresh.sort((a, b) => b.multiplier - a.multiplier).slice(0, WINS_PER_SECOND_MAX);
  }

  /**
   * What came since this was last asked for is part of it from now on.
   * @param nameOf null for who has not agreed to be shown.
   */
  take(nameOf: (accountId: string) => string | null): readonly Win[] {
    this.#wins = [...this.#fresh.sort((a, b) => b.at - a.at), ...this.#wins].slice(0, WINS_SHOWN);
    this.#fresh = [];
    return this.#wins.map(({ accountId, ...win }) => ({ ...win, name: nameOf(accountId) }));
  }
}
