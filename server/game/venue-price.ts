import type { Cents } from './price.ts';

/** A new price of one venue as it came in. */
export interface VenuePrice {
  readonly venue: string;
  readonly price: Cents;
  /** By this machine's clock, UTC epoch ms. */
  readonly at: number;
  /** By the venue's own clock, UTC epoch ms; null where it tells no time. */
  readonly exchangeAt: number | null;
}
