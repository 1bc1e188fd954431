import { BlockMean } from '../../../server/game/learned/block-mean.ts';
import { LEAD_ENDS } from '../../../server/game/learned/cell-class.ts';
import { GATE_BUCKETS, gateBucket } from '../../../server/game/learned/gate.ts';

/** A cell that was on offer, and what it was sold at. */
export interface Sold {
  readonly at: number;
  readonly leadGroup: number;
  /** Hundredths. */
  readonly multiplier: number;
  readonly probability: number;
  /** Moves of the price in the minute before. */
  readonly movesPerMinute: number;
}

export const HOUR_MS = 3_600_000;
/** Lower ends of the groups by moves a minute. */
const RATE_EDGES = [0, 10, 20, 40, 80, 160] as const;

/** What all cells on offer returned, cut in several ways. */
export class Tally {
  readonly all = new BlockMean();
  readonly buckets = GATE_BUCKETS.map((bucket) => ({ ...bucket, mean: new BlockMean() }));
  /** `end`: the lead that they are below, ms. */
  readonly leads = LEAD_ENDS.map((end) => ({ end, mean: new BlockMean() }));
  /** `edge`: the moves a minute from which on they are. */
  readonly rates = RATE_EDGES.map((edge) => ({ edge, mean: new BlockMean() }));
  /** By the hour since the epoch. */
  readonly hours = new Map<number, BlockMean>();

  add(block: number, sold: Sold, touched: boolean): void {
    const { at, leadGroup, multiplier, probability, movesPerMinute } = sold;
    const parts = [
      this.all,
      this.#hour(Math.floor(at / HOUR_MS)),
      this.buckets[gateBucket(multiplier)]?.mean,
      this.leads[leadGroup]?.mean,
      this.rates.findLast(({ edge }) => movesPerMinute >= edge)?.mean,
    ];
    for (const mean of parts) mean?.add(block, multiplier / 100, probability, touched);
  }

  #hour(hour: number): BlockMean {
    let mean = this.hours.get(hour);
    if (mean === undefined) this.hours.set(hour, (mean = new BlockMean()));
    return mean;
  }
}
