import { afterEach, describe, expect, test } from 'bun:test';
import { HandClock, until } from './replica/hand-clock.ts';
import { ADAPTERS } from './live.ts';
import { Replica } from './replica.ts';
import { VENUES, type VenueName } from './spec.ts';
import { Venue, VENUE_LIMITS, type VenueOptions } from './venue.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const ALL: VenueName[] = [...VENUES.USD, ...VENUES.USDT];

/** A venue against the replica, on a clock that stands still unless moved; quotes carry that clock's time. */
async function subscribed(name: VenueName, options: Partial<VenueOptions> = {}) {
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
    await until(() => counters().frames > frames && (ageMs !== 0 || venue.mid(clock.now()) !== null), 'the quote');
  };
  /** Goes through the backoff to the next subscription. */
  const comeBack = async () => {
    await until(() => status().state === 'waiting', 'the loss of the connection');
    expect(venue.mid(clock.now())).toBeNull();
    clock.advance(1_000);
    await until(() => replica.subscribed(name).length === 1 && status().state === 'open', 'the new subscription');
  };
  return { replica, clock, venue, status, counters, quote, comeBack, now: () => venue.mid(clock.now()) };
}

describe.each(ALL)('%s', (name) => {
  test('subscribes as the venue wants it and gives the middle of its book', async () => {
    const { replica, quote, now, status, clock, venue } = await subscribed(name);
    expect(now()).toBeNull();
    await quote('81000.10', '81000.21');
    expect(now()).toBe(8_100_015 as never);
    expect(venue.quote).toEqual({ venue: name, bid: 8_100_010, ask: 8_100_021, mid: 8_100_015, at: clock.now() } as never);
    expect(status()).toMatchObject({ venue: name, state: 'open', alive: true, price: 8_100_015, quoteAt: clock.now() });
    expect(replica.violations).toEqual([]);
  });

  test('is not alive without a sign of life for 2 s, and is cut after 10 s', async () => {
    const { replica, clock, quote, now, status, counters, comeBack } = await subscribed(name);
    await quote('81000.10', '81000.20');
    replica.mute(name, true);
    await Bun.sleep(60);
    clock.advance(2_000);
    if (name !== 'binance') expect(now()).not.toBeNull();
    clock.advance(1);
    if (name !== 'binance') expect(now()).toBeNull();
    for (let ms = 0; ms < 31_000 && status().state === 'open'; ms += 1_000) clock.advance(1_000);
    await until(() => status().state === 'waiting', 'the cut');
    replica.mute(name, false);
    await comeBack();
    await quote('81000.30', '81000.40');
    expect(now()).toBe(8_100_035 as never);
    expect(counters().reconnects).toBe(1);
  });

  test('a killed connection comes back and subscribes again', async () => {
    const { replica, quote, now, counters, comeBack } = await subscribed(name);
    await quote('81000.10', '81000.20');
    replica.kill(name);
    await comeBack();
    expect(now()).toBeNull();
    await quote('82000.10', '82000.20');
    expect(now()).toBe(8_200_015 as never);
    expect(counters().reconnects).toBe(1);
    expect(replica.heard[name].length).toBeGreaterThanOrEqual(2 * ADAPTERS[name].subscribe().length);
  });

  test('a crossed or empty book is counted, and the quote before it stands', async () => {
    const { quote, now, replica, clock, counters } = await subscribed(name);
    await quote('81000.10', '81000.20');
    replica.quote(name, '81000.30', '81000.20', clock.now());
    replica.quote(name, '0.00', '81000.20', clock.now());
    await until(() => counters().dropped + counters().garbage === 2, 'the refusals');
    expect(now()).toBe(8_100_015 as never);
  });

  test('garbage is counted, is no sign of life, and too much of it in a row ends the connection', async () => {
    const { quote, now, replica, counters, status, comeBack } = await subscribed(name);
    await quote('81000.10', '81000.20');
    replica.send(name, '{"half": ');
    replica.send(name, new Uint8Array([1, 2, 3]));
    await until(() => counters().garbage === 2, 'the garbage');
    expect(now()).toBe(8_100_015 as never);
    for (let i = 0; i < VENUE_LIMITS.garbageRowMax; i++) replica.send(name, `<html>${i}`);
    await until(() => status().state === 'waiting', 'the end');
    expect(status().note).toBe('20 unreadable frames in a row');
    await comeBack();
  });

  test('garbage between good frames ends nothing', async () => {
    const { replica, counters, status, clock } = await subscribed(name);
    for (let i = 0; i < 2 * VENUE_LIMITS.garbageRowMax; i++) {
      replica.send(name, 'oops');
      replica.quote(name, '81000.10', '81000.20', clock.now());
    }
    await until(() => counters().garbage === 2 * VENUE_LIMITS.garbageRowMax, 'the garbage');
    expect(status()).toMatchObject({ state: 'open', alive: true });
  });

  test('a megabyte in one frame ends the connection', async () => {
    const { replica, status, comeBack, now, quote } = await subscribed(name);
    replica.send(name, 'x'.repeat(1024 * 1024 + 1));
    await comeBack();
    expect(status().note).toContain('a frame of');
    await quote('81000.10', '81000.20');
    expect(now()).toBe(8_100_015 as never);
  });

  test('a refusal by the venue is counted and tried again later', async () => {
    const { replica, counters, status, comeBack } = await subscribed(name);
    replica.refuseSubscription(name);
    await until(() => status().state === 'waiting', 'the end');
    expect(counters().rejected).toBe(1);
    expect(status().note).toStartWith('the venue refused: ');
    await comeBack();
  });

  test.each([429, 503])('HTTP %d at the upgrade is retried', async (http) => {
    const { replica, status, clock, quote, now } = await subscribed(name);
    replica.refuse(name, http);
    replica.kill(name);
    await until(() => status().state === 'waiting', 'the end');
    clock.advance(1_000);
    await until(() => replica.connects[name] === 2 && status().state === 'waiting', 'the refusal');
    expect(status().note).toContain(String(http));
    replica.refuse(name, null);
    clock.advance(2_000);
    await until(() => replica.subscribed(name).length === 1, 'the new subscription');
    await quote('81000.10', '81000.20');
    expect(now()).toBe(8_100_015 as never);
  });
});

describe.each(ALL.filter((name) => name !== 'binance'))('%s, which tells its time', (name) => {
  test('a venue whose clock is off is not believed until it is right again', async () => {
    const { quote, now, counters } = await subscribed(name);
    await quote('81000.10', '81000.20');
    await quote('70000.10', '70000.20', -VENUE_LIMITS.skewMsMax - 1);
    await until(() => counters().skewed === 1, 'the count');
    expect(now()).toBeNull();
    await quote('81000.30', '81000.40');
    expect(now()).toBe(8_100_035 as never);
  });

  test('a snapshot with an old time primes nothing', async () => {
    const { quote, now, counters } = await subscribed(name);
    await quote('70000.10', '70000.20', 3_600_000);
    await until(() => counters().skewed === 1, 'the count');
    expect(now()).toBeNull();
  });

  test('a quote older than the one before is dropped, also after a reconnect', async () => {
    const { quote, now, counters, replica, comeBack, clock } = await subscribed(name);
    await quote('81000.10', '81000.20');
    await quote('70000.10', '70000.20', 500);
    await until(() => counters().dropped === 1, 'the count');
    expect(now()).toBe(8_100_015 as never);
    replica.kill(name);
    await comeBack();
    await quote('70000.10', '70000.20', 1_001);
    await until(() => counters().dropped === 2, 'the count');
    expect(now()).toBeNull();
    clock.advance(1);
    await quote('81000.30', '81000.40');
    expect(now()).toBe(8_100_035 as never);
  });
});

describe('notices', () => {
  test.each(['bitstamp', 'binance', 'okx'] as const)('%s announces the end of the connection: a new one is made', async (name) => {
    const { replica, quote, now, status, comeBack, counters } = await subscribed(name);
    await quote('81000.10', '81000.20');
    replica.shutdown(name);
    await comeBack();
    expect(status().note).toStartWith('the venue ');
    expect(counters().gaps).toBe(0);
    await quote('81000.30', '81000.40');
    expect(now()).toBe(8_100_035 as never);
  });

  test('kraken out of its normal state gives no price', async () => {
    const { replica, quote, now, counters } = await subscribed('kraken');
    await quote('81000.10', '81000.20');
    replica.send('kraken', '{"channel":"status","type":"update","data":[{"system":"maintenance"}]}');
    await until(() => counters().dropped === 1, 'the status');
    expect(now()).toBeNull();
  });
});

describe('gaps', () => {
  test('coinbase: a hole in the sequence is counted and ends the connection', async () => {
    const { replica, quote, now, counters, comeBack, clock } = await subscribed('coinbase');
    await quote('81000.10', '81000.20');
    replica.skip('coinbase');
    replica.quote('coinbase', '81000.30', '81000.40', clock.now());
    await comeBack();
    expect(counters().gaps).toBe(1);
    await quote('81000.30', '81000.40');
    expect(now()).toBe(8_100_035 as never);
  });

  test('binance: a repeated update is dropped', async () => {
    const { replica, quote, now, counters, clock } = await subscribed('binance');
    await quote('81000.10', '81000.20');
    replica.skip('binance', -1);
    replica.quote('binance', '70000.10', '70000.20', clock.now());
    await until(() => counters().dropped === 1, 'the count');
    expect(now()).toBe(8_100_015 as never);
  });

  test('bybit: a delta without its snapshot is a gap', async () => {
    const { replica, counters, comeBack, clock } = await subscribed('bybit');
    replica.send('bybit', JSON.stringify({ topic: 'orderbook.1.BTCUSDT', ts: clock.now(), type: 'delta', data: { s: 'BTCUSDT', b: [['81000.1', '1']], a: [], u: 4, seq: 4 } }));
    await comeBack();
    expect(counters().gaps).toBe(1);
  });
});

describe('keeping the line', () => {
  test('okx: text pings keep a quiet line open', async () => {
    const { replica, clock, status } = await subscribed('okx');
    for (let i = 0; i < 12; i++) {
      clock.advance(1_000);
      await Bun.sleep(50);
    }
    expect(replica.heard.okx).toContain('ping');
    expect(status().state).toBe('open');
    expect(replica.violations).toEqual([]);
  });

  test('binance: ping frames are answered, and no more than five messages a second are sent', async () => {
    const { replica } = await subscribed('binance');
    await until(() => (replica.pings('binance')[0]?.sent ?? 0) >= 8, 'eight pings');
    await until(() => replica.pings('binance')[0]?.answered === true, 'an answer');
    expect(replica.violations).toEqual([]);
  });

  test('coinbase: heartbeats alone keep the venue alive', async () => {
    const { clock, quote, now } = await subscribed('coinbase');
    await quote('81000.10', '81000.20');
    for (let second = 0; second < 5; second++) {
      clock.advance(1_000);
      await until(() => now() !== null, 'a heartbeat');
    }
    expect(now()).toBe(8_100_015 as never);
  });

  test('a quote of more than 30 s is no price, whatever heartbeats say', async () => {
    const { clock, quote, now } = await subscribed('kraken', { socketLimits: { dataSilenceMsMax: 1_000_000 } });
    await quote('81000.10', '81000.20');
    for (let second = 0; second < 30; second++) {
      clock.advance(1_000);
      await until(() => now() !== null, 'a heartbeat');
    }
    clock.advance(1);
    expect(now()).toBeNull();
  });

  test('a clock that is set back makes no quote young', async () => {
    const { clock, quote, venue } = await subscribed('kraken');
    await quote('81000.10', '81000.20');
    expect(venue.mid(clock.now() - 3_000)).toBeNull();
  });
});
