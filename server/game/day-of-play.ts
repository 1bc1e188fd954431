import { micros, type Micros, type Multiplier } from './money.ts';

const DAY_MS = 86_400_000;

/** When the UTC day of a moment began, ms: days of limits and of figures are days of UTC. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS;

/** A bet as the row of the ledger that closed it tells of it. */
export interface Closing {
  readonly betId: string;
  /** UTC epoch ms. */
  readonly at: number;
  readonly outcome: 'won' | 'lost' | 'void';
  readonly stake: Micros;
  readonly payout: Micros;
  readonly multiplier: Multiplier;
}

/** Where the result of a day stood after so many of its bets. */
export interface DayStep {
  readonly at: number;
  readonly bets: number;
  readonly net: Micros;
}

/** What bets that closed on one day came to; open ones count once they close. */
export interface DayFigures {
  readonly won: number;
  readonly lost: number;
  readonly refunded: number;
  /** Of the bets that were won or lost. */
  readonly staked: Micros;
  /** What those paid, stakes included. */
  readonly paid: Micros;
  readonly net: Micros;
  /** The last bets in a row that ended alike; a refund is no end of a row. Null before the first. */
  readonly streak: { readonly outcome: 'won' | 'lost'; readonly bets: number } | null;
  readonly wonInARowMax: number;
  /** Of the highest multiplier, and among equal ones of the highest payout. */
  readonly best: Closing | null;
  /** The result after each bet, or, of many, after some: at most {@link STEPS_MAX} and the newest. */
  readonly steps: readonly DayStep[];
}

/** Steps of a curve that are kept; a picture of a few hundred pixels shows no more. */
export const STEPS_MAX = 120;

/** Sums up the bets of a day as they close, in a space that does not grow with them. */
export class DayOfPlay {
  readonly #counts = { won: 0, lost: 0, void: 0 };
  #staked = 0;
  #paid = 0;
  #streak: DayFigures['streak'] = null;
  #wonInARowMax = 0;
  #best: Closing | null = null;
  readonly #curve = new Curve();

  /** @param closing no older than the one before */
  add(closing: Closing): void {
    const { outcome, stake, payout, at } = closing;
    this.#counts[outcome] += 1;
    if (outcome === 'void') return;
    this.#staked += stake;
    this.#paid += payout;
    const bets = this.#streak?.outcome === outcome ? this.#streak.bets + 1 : 1;
    this.#streak = { outcome, bets };
    if (outcome === 'won') {
      this.#wonInARowMax = Math.max(this.#wonInARowMax, bets);
      if (this.#best === null || isBetter(closing, this.#best)) this.#best = closing;
    }
    const { won, lost } = this.#counts;
    this.#curve.add({ at, bets: won + lost, net: micros(this.#paid - this.#staked) });
  }

  figures(): DayFigures {
    return {
      won: this.#counts.won,
      lost: this.#counts.lost,
      refunded: this.#counts.void,
      staked: micros(this.#staked),
      paid: micros(this.#paid),
      net: micros(this.#paid - this.#staked),
      streak: this.#streak,
      wonInARowMax: this.#wonInARowMax,
      best: this.#best,
      steps: this.#curve.steps(),
    };
  }
}

const isBetter = (one: Closing, other: Closing): boolean =>
  one.multiplier > other.multiplier || (one.multiplier === other.multiplier && one.payout > other.payout);

/**
 * A curve in a bounded number of steps: of each so many the one that departs furthest from the last that was
 * kept, so that peaks stay; when there are too many, of twice as many.
 */
class Curve {
  #kept: DayStep[] = [];
  #stride = 1;
  #candidate: DayStep | null = null;
  #seen = 0;
  #newest: DayStep | null = null;

  add(step: DayStep): void {
    this.#newest = step;
    this.#candidate = this.#candidate === null ? step : further(this.#candidate, step, this.#kept.at(-1));
    if (++this.#seen < this.#stride) return;
    this.#kept.push(this.#candidate);
    this.#candidate = null;
    this.#seen = 0;
    if (this.#kept.length < STEPS_MAX) return;
    const halved: DayStep[] = [];
    for (let i = 0; i < this.#kept.length; i += 2)
      halved.push(further(this.#kept[i]!, this.#kept[i + 1]!, halved.at(-1)));
    this.#kept = halved;
    this.#stride *= 2;
  }

  steps(): readonly DayStep[] {
    const newest = this.#newest;
    return newest === null || this.#kept.at(-1) === newest ? [...this.#kept] : [...this.#kept, newest];
  }
}

/** Where both are as far away, the later one. */
const further = (one: DayStep, other: DayStep, from: DayStep | undefined): DayStep => {
  const net = from?.net ?? 0;
  return Math.abs(one.net - net) > Math.abs(other.net - net) ? one : other;
};
