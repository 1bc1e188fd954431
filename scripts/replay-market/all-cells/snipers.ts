import type { Cell, Column } from '../../../server/game/grid.ts';
import type { Cents } from '../../../server/game/price.ts';
import type { TraderSpec } from '../trader.ts';
import type { Pricer } from './pricing.ts';

/** A cell on offer, in hundredths. */
export interface Offer {
  readonly column: Column;
  readonly cell: Cell;
  readonly multiplier: number;
}

/** A tap that waits for its lock. */
export interface HeldTap extends Offer {
  readonly trader: string;
  readonly dueAt: number;
}

/** A sniper takes so many cells at a look. */
const CELLS_A_LOOK = 8;

/** Taps of those who know the price of some time from now: on what is worth most over its stake then. */
export class Snipers {
  readonly #specs: readonly TraderSpec[];
  #held: HeldTap[] = [];

  /** @param priceAt the tape at any time. */
  constructor(
    specs: readonly TraderSpec[],
    private readonly holdMs: number,
    private readonly priceAt: (at: number) => Cents | null,
  ) {
    this.#specs = specs.filter(({ kind }) => kind === 'sniper');
  }

  /** @param pricerAt the house's own model at a spot, by all else that is known now. */
  look(at: number, offers: readonly Offer[], pricerAt: (spot: Cents) => Pricer): void {
    for (const { name, leadMs } of this.#specs) {
      const spot = this.priceAt(at + leadMs);
      if (spot === null) continue;
      const pricer = pricerAt(spot);
      const worth = offers.flatMap((offer) => {
        const { cell, multiplier } = offer;
        const untilOpening = cell.startMs - at - leadMs;
        if (untilOpening < 0) return [];
        const share = (pricer(untilOpening)(cell.low, cell.high).probability * multiplier) / 100;
        return share > 1 ? [{ offer, share }] : [];
      });
      worth.sort((a, b) => b.share - a.share);
      for (const { offer } of worth.slice(0, CELLS_A_LOOK))
        this.#held.push({ ...offer, trader: name, dueAt: at + this.holdMs });
    }
  }

  /** Those whose hold is over, each once; what has opened meanwhile came back. */
  due(at: number): HeldTap[] {
    if ((this.#held[0]?.dueAt ?? Infinity) > at) return [];
    const due = this.#held.filter(({ dueAt }) => dueAt <= at);
    this.#held = this.#held.slice(due.length);
    return due.filter(({ cell }) => cell.startMs >= at);
  }
}
