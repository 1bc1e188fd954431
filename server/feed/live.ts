import type { TickSource } from '../game/tick.ts';
import type { VenueAdapter } from './adapter.ts';
import type { Feed, VenueStatus } from './feed.ts';
import type { VenueName } from './spec.ts';
import { Venue, type VenueOptions } from './venue.ts';
import { binance } from './venues/binance.ts';
import { bitstamp } from './venues/bitstamp.ts';
import { bybit } from './venues/bybit.ts';
import { coinbase } from './venues/coinbase.ts';
import { kraken } from './venues/kraken.ts';
import { okx } from './venues/okx.ts';

export const ADAPTERS: Readonly<Record<VenueName, VenueAdapter>> = { coinbase, kraken, bitstamp, binance, okx, bybit };

export interface LiveOptions extends Omit<VenueOptions, 'url'> {
  readonly quorum: number;
  /** Addresses instead of the adapters' own. */
  readonly urls?: Readonly<Partial<Record<VenueName, string>>>;
}

/** Exchanges over their public sockets. */
export class LiveFeed implements Feed {
  readonly name = 'live';
  readonly simulated = false;
  readonly label: string;
  readonly quorum: number;
  private readonly venues: readonly Venue[];

  constructor(names: readonly VenueName[], options: LiveOptions) {
    this.label = names.map((name) => ADAPTERS[name].label).join(', ');
    this.quorum = options.quorum;
    this.venues = names.map((name) => new Venue(ADAPTERS[name], { ...options, url: options.urls?.[name] }));
  }

  async start(): Promise<void> {
    for (const venue of this.venues) venue.start();
  }

  stop(): void {
    for (const venue of this.venues) venue.stop();
  }

  sample(at: number): TickSource[] {
    const sources: TickSource[] = [];
    for (const venue of this.venues) {
      const price = venue.mid(at);
      if (price !== null) sources.push({ venue: venue.name, price });
    }
    return sources;
  }

  status(at: number): VenueStatus[] {
    return this.venues.map((venue) => venue.status(at));
  }
}
