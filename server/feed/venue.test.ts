import { afterEach, describe, expect, test } from 'bun:test';
import { ADAPTERS } from './live.ts';
import { until } from '../../test/exchange-replica/hand-clock.ts';
import { stopAll } from '../../test/exchange-replica/line.ts';
import { ALL, subscribed } from '../../test/exchange-replica/subscribed.ts';
import { VENUE_LIMITS } from './venue.ts';

afterEach(stopAll);

describe.each(ALL)('%s', (name) => {
  test('subscribes as the venue wants it and gives the middle of its book', async () => {
    const { replica, quote, now, status, clock, venue } = await subscribed(name);
    expect(now()).toBeNull();
    await quote('81000.10', '81000.21');
    expect(now()).toBe(8_100_015 as never);
    expect(venue.quote).toEqual({
      venue: name,
      bid: 8_100_010,
      ask: 8_100_021,
      mid: 8_100_015,
      at: clock.now(),
    } as never);
    expect(status()).toMatchObject({
      venue: name,
      state: 'open',
      alive: true,
      price: 8_100_015,
      quoteAt: clock.now(),
    });
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

  test.each([
    ['crossed', '81000.30', '81000.20'],
    ['empty', '0.00', '81000.20'],
    ['too wide', '70000.00', '81000.20'],
  ])(
    'a book that is %s is counted, and after 1 s the quote before it stands no more, until a good one comes',
    async (_what, bid, ask) => {
      const { quote, now, replica, clock, counters, status } = await subscribed(name);
      await quote('81000.10', '81000.20');
      const unfit = async () => {
        const { dropped } = counters();
        replica.quote(name, bid, ask, clock.now());
        await until(() => counters().dropped > dropped, 'the refusal');
      };
      await unfit();
      expect(now()).toBe(8_100_015 as never);
      clock.advance(600);
      await unfit();
      clock.advance(400);
      expect(now()).toBe(8_100_015 as never);
      clock.advance(1);
      expect([now(), status().alive]).toEqual([null, false]);
      await quote('81000.10', '81000.20');
      expect(now()).toBe(8_100_015 as never);
      clock.advance(1_500);
      expect(now()).toBe(8_100_015 as never);
    },
  );

  test('the same quote frame said for ever is no price after 5 s, whatever the line says', async () => {
    const { replica, clock, quote, now, counters } = await subscribed(name);
    await quote('81000.10', '81000.20');
    const frame = replica.lastSaid[name];
    for (let second = 0; second < 6; second++) {
      const { dropped, frames, skewed } = counters();
      replica.send(name, frame);
      await until(
        () => counters().frames > frames && counters().dropped + counters().skewed > dropped + skewed,
        'the repetition',
      );
      clock.advance(1_000);
    }
    expect(now()).toBeNull();
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
