import type { TickSource } from '../game/tick.ts';
import type { VenuePrice } from '../game/venue-price.ts';
import type { VenueAdapter } from './adapter.ts';
import type { Feed, VenueNews, VenueStatus } from './feed.ts';
import type { VenueName } from './spec.ts';
import { Venue, type VenueOptions } from './venue.ts';
import { binance } from './venues/binance.ts';
import { bitstamp } from './venues/bitstamp.ts';
import { bybit } from './venues/bybit.ts';
import { coinbase } from './venues/coinbase.ts';
import { kraken } from './venues/kraken.ts';
import { okx } from './venues/okx.ts';

export const ADAPTERS: Readonly<Record<VenueName, VenueAdapter>> = {
  coinbase,
  kraken,
  bitstamp,
  binance,
  okx,
  bybit,
};

export interface LiveOptions extends Omit<VenueOptions, 'url' | 'proxy' | 'onPrice'> {
  readonly quorum: number;
  /** Addresses instead of the adapters' own. */
  readonly urls?: Readonly<Partial<Record<VenueName, string>>>;
  /** The proxy between this machine and an address; undefined for none. */
  readonly proxyOf?: (url: string) => string | undefined;
  /** Told of each venue's going and coming, and of one that does not come at all. */
  readonly onVenue?: (news: VenueNews) => void;
}

/** A venue that is still missing this long after the start is logged. */
const FIRST_WORD_MS_MAX = 4_000;
/** Venues whose times differ by no more than this from each other are off alike. */
const ALIKE_MS_MAX = 2_000;
/** A venue is logged at most this often. */
const NEWS_EVERY_MS = 1_000;

/** What was told last of a venue, and when. */
interface LastNews {
  counts: boolean | null;
  at: number;
}

/** Exchanges over their public sockets. */
export class LiveFeed implements Feed {
  readonly name = 'live';
  readonly simulated = false;
  readonly label: string;
  readonly quorum: number;
  private readonly venues: readonly Venue[];
  private readonly lastNews = new Map<Venue, LastNews>();
  private heard: (price: VenuePrice) => void = () => {};

  constructor(
    names: readonly VenueName[],
    private readonly options: LiveOptions,
  ) {
    this.label = names.map((name) => ADAPTERS[name].label).join(', ');
    this.quorum = options.quorum;
    const { urls = {}, proxyOf = () => undefined } = options;
    this.venues = names.map(
      (name) =>
        new Venue(ADAPTERS[name], {
          ...options,
          url: urls[name],
          proxy: proxyOf(urls[name] ?? ADAPTERS[name].url),
          onPrice: (price) => this.heard(price),
        }),
    );
  }

  async start(): Promise<void> {
    for (const venue of this.venues) {
      this.lastNews.set(venue, { counts: null, at: this.options.clock.now() });
      venue.start();
    }
  }

  stop(): void {
    for (const venue of this.venues) venue.stop();
  }

  sample(at: number): TickSource[] {
    const sources: TickSource[] = [];
    for (const venue of this.venues) {
      const price = venue.mid(at);
      if (price !== null) sources.push({ venue: venue.name, price });
      this.tell(venue, price !== null, at);
    }
    return sources;
  }

  status(at: number): VenueStatus[] {
    return this.venues.map((venue) => venue.status(at));
  }

  onPrice(heard: (price: VenuePrice) => void): void {
    this.heard = heard;
  }

  clockOffMs(at: number): number | null {
    const skews = this.venues.flatMap((venue) => venue.skewMs(at) ?? []).sort((a, b) => a - b);
    const [first = 0, last = 0] = [skews[0], skews.at(-1)];
    if (skews.length < 2 || last - first > ALIKE_MS_MAX) return null;
    return this.venues.some((venue) => venue.bearsOutClock(at)) ? null : (skews[skews.length >> 1] ?? null);
  }

  private tell(venue: Venue, counts: boolean, at: number): void {
    const lastNews = this.lastNews.get(venue);
    if (lastNews === undefined || lastNews.counts === counts) return;
    const waitMs = lastNews.counts !== null ? NEWS_EVERY_MS : counts ? 0 : FIRST_WORD_MS_MAX;
    if (Math.abs(at - lastNews.at) < waitMs) return;
    this.lastNews.set(venue, { counts, at });
    this.options.onVenue?.({ venue: venue.name, counts, why: counts ? null : venue.absence(at) });
  }
}
