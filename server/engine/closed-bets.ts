import type { Bet } from '../game/bet.ts';
import type { Currency } from '../game/money.ts';
import type { VoidReason } from '../game/rejection.ts';
import type { Settlement } from '../ports/ledger.ts';

export type Outcome = Exclude<Settlement['status'], 'locked'>;

const noOutcomes = (): Record<Outcome, number> => ({ won: 0, lost: 0, void: 0 });
const noVoids = (): Record<VoidReason, number> => ({ gap: 0, moved: 0, no_revision: 0, operator: 0 });

/** Bets that were closed since the start, counted. */
export class ClosedBets {
  readonly outcomes: Readonly<Record<Currency, Record<Outcome, number>>> = {
    PLAY: noOutcomes(),
    USD: noOutcomes(),
  };
  /** Bets given back, without those whose window the stop before this run cut. */
  readonly voids: Readonly<Record<Currency, Record<VoidReason, number>>> = {
    PLAY: noVoids(),
    USD: noVoids(),
  };
  /** A window that opened before the first tick of this run has a gap that no feed made. */
  #firstTickAt = Infinity;

  onTick(at: number): void {
    this.#firstTickAt = Math.min(at, this.#firstTickAt);
  }

  /** @param reason why it was given back, where it was. */
  add({ cell, currency }: Bet, outcome: Outcome, reason: VoidReason | null): void {
    this.outcomes[currency][outcome] += 1;
    if (reason !== null && cell.startMs > this.#firstTickAt) this.voids[currency][reason] += 1;
  }
}
