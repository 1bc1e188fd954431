import type { Provenance } from '../game/changeover.ts';
import type { Cents } from '../game/price.ts';
import type { Tick, TickSource } from '../game/tick.ts';
import type { VenuePrice } from '../game/venue-price.ts';
import { apartCents, isBorneOut } from '../game/witness.ts';
import type { Vitals } from './breaker.ts';

/** Where prices come from, and what one tick makes of them. */
export interface PriceSource extends Provenance {
  readonly label: string;
  readonly quorum: number;
  readonly declaredVolatilityBp?: number;
  sample(at: number): readonly TickSource[];
  /** Null without quorum. */
  consensus(sources: readonly TickSource[]): Agreed | null;
  /** Exchange time less ours, ms, where all venues say alike that this clock is off; else null. */
  clockOffMs?(at: number): number | null;
  /** Whether a recording was played to its end; absent where prices never end. */
  hasEnded?(at: number): boolean;
  /** The venues as they are heard one by one; absent where no exchange speaks, so that none could lead. */
  readonly venues?: {
    readonly names: readonly string[];
    onPrice(heard: (price: VenuePrice) => void): void;
  };
}

export interface Agreed {
  readonly price: Tick['price'];
  readonly sources: readonly TickSource[];
  readonly spreadCents: number;
}

/** Exchanges that disagree for less than this are not reported. */
const APART_NEWS_MS = 1_000;

/** What the venues say at each step: a price that may become a tick, or why there is none. */
export class Oracle {
  /** Null before the first step. */
  #aliveVenues: number | null = null;
  #clockOffMs: number | null = null;
  #apart: { readonly why: string; readonly since: number } | null = null;

  /** @param finestRow height of the finest row on the board, in cents */
  constructor(
    private readonly feed: PriceSource,
    private readonly finestRow: (at: number, price: Cents) => number,
  ) {}

  /**
   * What guards a sale guards a settlement: a price that no second venue bears out within half a row is none.
   */
  look(now: number): Agreed | null {
    const sources = this.feed.sample(now);
    this.#aliveVenues = sources.length;
    this.#clockOffMs = this.feed.clockOffMs?.(now) ?? null;
    const agreed = this.feed.consensus(sources);
    const why =
      agreed === null ? this.#discord(sources) : unbacked(agreed, this.finestRow(now, agreed.price));
    this.#apart = why === null ? null : { why, since: this.#apart?.since ?? now };
    return why === null ? agreed : null;
  }

  vitals(now: number): Pick<Vitals, 'aliveVenues' | 'quorum' | 'apart' | 'clockOffMs' | 'recordingOver'> {
    const apart =
      this.#apart !== null && Math.abs(now - this.#apart.since) >= APART_NEWS_MS ? this.#apart.why : null;
    return {
      aliveVenues: this.#aliveVenues,
      quorum: this.feed.quorum,
      apart,
      clockOffMs: this.#clockOffMs,
      recordingOver: this.feed.hasEnded?.(now) ?? false,
    };
  }

  /** Too few venues are another matter. */
  #discord(sources: readonly TickSource[]): string | null {
    return sources.length >= this.feed.quorum ? 'the exchanges do not agree on a price' : null;
  }
}

function unbacked({ sources }: Agreed, row: number): string | null {
  if (isBorneOut(sources, row)) return null;
  return (
    `the exchanges differ by $${(apartCents(sources) / 100).toFixed(2)}, more than half a row of ` +
    `$${(row / 100).toFixed(2)}`
  );
}
