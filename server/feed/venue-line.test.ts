import { afterEach, describe, expect, test } from 'bun:test';
import { until } from '../../test/exchange-replica/hand-clock.ts';
import { stopAll } from '../../test/exchange-replica/line.ts';
import { subscribed } from '../../test/exchange-replica/subscribed.ts';
import { VENUE_LIMITS } from './venue.ts';

afterEach(stopAll);

describe('notices', () => {
  test.each(['bitstamp', 'binance', 'okx'] as const)(
    '%s announces the end of the connection: a new one is made',
    async (name) => {
      const { replica, quote, now, status, comeBack, counters } = await subscribed(name);
      await quote('81000.10', '81000.20');
      replica.shutdown(name);
      await comeBack();
      expect(status().note).toStartWith('the venue ');
      expect(counters().gaps).toBe(0);
      await quote('81000.30', '81000.40');
      expect(now()).toBe(8_100_035 as never);
    },
  );

  test('kraken out of its normal state gives no price', async () => {
    const { replica, quote, now, counters } = await subscribed('kraken');
    await quote('81000.10', '81000.20');
    replica.send('kraken', '{"channel":"status","type":"update","data":[{"system":"maintenance"}]}');
    await until(() => counters().dropped === 1, 'the status');
    expect(now()).toBeNull();
  });
});

describe('gaps', () => {
  test(
    'coinbase: one lost message is counted and costs nothing, a second one within a minute ends the ' +
      'connection',
    async () => {
      const { replica, quote, now, counters, clock, status } = await subscribed('coinbase');
      const lose = (price: string) => {
        replica.skip('coinbase');
        return quote(price, price);
      };
      await quote('81000.10', '81000.20');
      await lose('81001.00');
      expect([now(), counters().gaps, status().state]).toEqual([8_100_100 as never, 1, 'open']);
      for (let second = 0; second <= 60; second++) {
        clock.advance(1_000);
        await quote('81002.00', '81002.00');
      }
      await lose('81003.00');
      expect([now(), counters().gaps, status().state]).toEqual([8_100_300 as never, 2, 'open']);
      replica.skip('coinbase');
      replica.quote('coinbase', '81004.00', '81004.00', clock.now());
      await until(() => status().state === 'waiting', 'the end');
      expect([counters().gaps, status().note]).toEqual([3, 'messages keep getting lost']);
      clock.advance(30_000);
      await until(
        () => replica.subscribed('coinbase').length === 1 && status().state === 'open',
        'the new subscription',
      );
      await quote('81005.00', '81005.00');
      expect(now()).toBe(8_100_500 as never);
    },
  );

  test('kraken: who sends too much leaves it in peace for a minute', async () => {
    const { replica, clock, counters, status } = await subscribed('kraken');
    replica.send('kraken', '{"Error":"Exceeded msg rate"}');
    await until(() => status().state === 'waiting', 'the end');
    expect([counters().rejected, counters().garbage, status().note]).toEqual([
      1,
      0,
      'the venue refused: Exceeded msg rate',
    ]);
    clock.advance(VENUE_LIMITS.rateWaitMs - 1);
    await Bun.sleep(30);
    expect([replica.connects.kraken, status().state]).toEqual([1, 'waiting']);
    clock.advance(1);
    await until(() => replica.subscribed('kraken').length === 1, 'the new subscription');
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
    replica.send(
      'bybit',
      JSON.stringify({
        topic: 'orderbook.1.BTCUSDT',
        ts: clock.now(),
        type: 'delta',
        data: { s: 'BTCUSDT', b: [['81000.1', '1']], a: [], u: 4, seq: 4 },
      }),
    );
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

  test.each(['coinbase', 'kraken'] as const)(
    '%s: heartbeats keep the connection, and a quote for 5 s, no longer',
    async (name) => {
      const { clock, quote, now, status } = await subscribed(name);
      await quote('81000.10', '81000.20');
      for (let second = 0; second < 5; second++) {
        clock.advance(1_000);
        await until(() => now() !== null, 'a heartbeat');
      }
      expect(now()).toBe(8_100_015 as never);
      clock.advance(1);
      expect([now(), status().state]).toEqual([null, 'open']);
      await quote('81000.30', '81000.40');
      expect(now()).toBe(8_100_035 as never);
    },
  );

  test('a clock that is set back makes no quote young', async () => {
    const { clock, quote, venue } = await subscribed('kraken');
    await quote('81000.10', '81000.20');
    expect(venue.mid(clock.now() - 3_000)).toBeNull();
  });
});
