import type { Bet } from '../game/bet.ts';
import { lockOf, type Lock } from '../game/lock.ts';
import { RevisionPrices } from '../game/revision-prices.ts';
import type { GridRevision } from '../game/revision.ts';

/** A held bet and how it was filled. */
export interface Filled {
  readonly bet: Bet;
  readonly lock: Lock;
}

/**
 * Holds placed bets until the first revision at or after their lock time. What a step costs grows with the
 * bets that it fills, not with those that wait.
 */
export class Locker {
  /** By lock time. Bets come in this order but for small jitter. */
  #held: Bet[] = [];
  /** No held bet's column opens before. */
  #opensAt = Infinity;

  get size(): number {
    return this.#held.length;
  }

  /**
   * @param firstFrom the first revision at or after a time, null when none came yet.
   * @returns the fill when the revision is there already, which happens when the commit took longer than the
   *   hold.
   */
  add(bet: Bet, firstFrom: (at: number) => GridRevision | null): Filled | null {
    const revision = firstFrom(bet.lockAt);
    if (revision !== null) return { bet, lock: lockOf(bet, revision) };
    let place = this.#held.length;
    while (place > 0 && this.#held[place - 1]!.lockAt > bet.lockAt) place--;
    if (place === this.#held.length) this.#held.push(bet);
    else this.#held.splice(place, 0, bet);
    this.#opensAt = Math.min(this.#opensAt, bet.cell.startMs);
    return null;
  }

  /** Fills what this revision is the first for. */
  onRevision(revision: GridRevision): Filled[] {
    const prices = new RevisionPrices(revision);
    const later = this.#held.findIndex((bet) => bet.lockAt > revision.at);
    const due = this.#held.splice(0, later === -1 ? this.#held.length : later);
    if (this.#held.length === 0) this.#opensAt = Infinity;
    return due.map((bet) => ({ bet, lock: lockOf(bet, revision, (cell) => prices.locked(cell)) }));
  }

  /** Gives back what no revision came for before its column opened. */
  onClock(now: number): Filled[] {
    if (now < this.#opensAt) return [];
    const [due, kept]: [Bet[], Bet[]] = [[], []];
    for (const bet of this.#held) (bet.cell.startMs <= now ? due : kept).push(bet);
    this.#held = kept;
    this.#opensAt = kept.reduce((first, { cell }) => Math.min(first, cell.startMs), Infinity);
    return due.map((bet) => ({ bet, lock: lockOf(bet, null) }));
  }
}
