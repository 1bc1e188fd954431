import { ADAPTERS } from '../../server/feed/live.ts';
import { Replica } from './replica.ts';
import { VENUES, type VenueName } from '../../server/feed/spec.ts';
import { Venue, type VenueOptions } from '../../server/feed/venue.ts';
import { HandClock, until } from './hand-clock.ts';
import { stops } from './line.ts';

export const ALL: VenueName[] = [...VENUES.USD, ...VENUES.USDT];

/** A venue against the replica, on a clock that stands still unless moved; quotes carry that clock's time. */
export async function subscribed(name: VenueName, options: Partial<VenueOptions> = {}) {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const clock = new HandClock();
  const venue = new Venue(ADAPTERS[name], { clock, random: () => 1, url: replica.urls[name], ...options });
  stops.push(() => venue.stop());
  venue.start();
  await until(() => replica.subscribed(name).length === 1, 'the subscription');
  const status = () => venue.status(clock.now());
  const counters = () => status().counters;
  const quote = async (bid: string, ask: string, ageMs = 0) => {
    const { frames } = counters();
    replica.quote(name, bid, ask, clock.now() - ageMs);
    await until(
      () => counters().frames > frames && (ageMs !== 0 || venue.mid(clock.now()) !== null),
      'the quote',
    );
  };
  /** Goes through the backoff to the next subscription. */
  const comeBack = async () => {
    await until(() => status().state === 'waiting', 'the loss of the connection');
    if (venue.mid(clock.now()) !== null) throw new Error('a lost venue still has a price');
    clock.advance(1_000);
    await until(
      () => replica.subscribed(name).length === 1 && status().state === 'open',
      'the new subscription',
    );
  };
  return { replica, clock, venue, status, counters, quote, comeBack, now: () => venue.mid(clock.now()) };
}
