import type { Bet } from '../game/bet.ts';
import { lockOf, type Lock } from '../game/lock.ts';
import { RevisionPrices } from '../game/revision-prices.ts';
import type { GridRevision } from '../game/revision.ts';

/** A held bet and how it was filled. */
export interface Filled {
  readonly bet: Bet;
  readonly lock: Lock;
}

/** Holds placed bets until the first revision at or after their lock time. Bets come in the order of their lock times but for small jitter. */
export class Locker {
  #held: Bet[] = [];

  get size(): number {
    return this.#held.length;
  }

  /**
   * @param firstFrom the first revision at or after a time, null when none came yet.
   * @returns the fill when the revision is there already, which happens when the commit took longer than the hold.
   */
  add(bet: Bet, firstFrom: (at: number) => GridRevision | null): Filled | null {
    const revision = firstFrom(bet.lockAt);
    if (revision !== null) return { bet, lock: lockOf(bet, revision) };
    this.#held.push(bet);
    return null;
  }

  /** Fills what this revision is the first for. */
  onRevision(revision: GridRevision): Filled[] {
    const prices = new RevisionPrices(revision);
    return this.#take((bet) => bet.lockAt <= revision.at).map((bet) => ({ bet, lock: lockOf(bet, revision, (cell) => prices.locked(cell)) }));
  }

  /** Gives back what no revision came for before its column opened. */
  onClock(now: number): Filled[] {
    return this.#take((bet) => bet.cell.startMs <= now).map((bet) => ({ bet, lock: lockOf(bet, null) }));
  }

  #take(due: (bet: Bet) => boolean): Bet[] {
    const [taken, kept]: [Bet[], Bet[]] = [[], []];
    for (const bet of this.#held) (due(bet) ? taken : kept).push(bet);
    if (taken.length > 0) this.#held = kept;
    return taken;
  }
}
