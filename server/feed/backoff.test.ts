import { afterEach, describe, expect, test } from 'bun:test';
import { ADAPTERS } from './live.ts';
import { until } from '../../test/exchange-replica/hand-clock.ts';
import { attempt, connect, host, stopAll } from '../../test/exchange-replica/line.ts';

afterEach(stopAll);

describe('the backoff', () => {
  test.each([429, 503])('doubles up to its limit while the venue answers HTTP %d', async (status) => {
    const { url } = host(() => new Response('', { status }));
    const client = connect(url);
    const waits: number[] = [];
    for (let i = 1; i <= 7; i++) {
      if (i === 1) await until(() => client.losses.length === 1, 'the first refusal');
      else await attempt(client, i);
      waits.push(client.clock.due()[0]!);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(client.losses[0]).toContain(String(status));
    expect(client.socket.reconnects).toBe(0);
  });

  test('half of it is jitter', async () => {
    const { url } = host(() => new Response('', { status: 503 }));
    const client = connect(url, { random: 0 });
    await until(() => client.losses.length === 1, 'a refusal');
    expect(client.clock.due()).toEqual([500]);
  });

  test('begins anew only after a connection that held for a minute, whatever comes at once', async () => {
    const { url, sockets } = host();
    const client = connect(url);
    const waits: number[] = [];
    for (const [i, heldMs] of [0, 20_000, 59_000, 60_000, 0].entries()) {
      if (i > 0) client.clock.advance(client.clock.due()[0]!);
      await until(() => sockets.length === i + 1, 'a connection');
      for (let ms = 0, count = client.frames.length; ms <= heldMs; ms += 1_000) {
        if (ms > 0) client.clock.advance(1_000);
        sockets[i]!.send('data');
        await until(() => client.frames.length > count, 'the data');
        count = client.frames.length;
      }
      sockets[i]!.terminate();
      await until(() => client.losses.length === i + 1, 'the loss');
      waits.push(client.clock.due()[0]!);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 1_000, 2_000]);
    expect(client.socket.reconnects).toBe(4);
  });

  test(
    'a venue that accepts, says a snapshot and drops is asked a dozen times in five minutes, not ' +
      'hundreds of times',
    async () => {
      const { url, sockets } = host();
      const client = connect(url, { random: 0 });
      const end = client.clock.now() + 300_000;
      for (let i = 0; ; i++) {
        await until(() => sockets.length === i + 1, 'a connection');
        sockets[i]!.send('data');
        await until(() => client.frames.length === i + 1, 'the snapshot');
        sockets[i]!.terminate();
        await until(() => client.losses.length === i + 1, 'the loss');
        if (client.clock.now() + client.clock.due()[0]! > end) break;
        client.clock.advance(client.clock.due()[0]!);
      }
      expect(sockets.length).toBeGreaterThan(10);
      expect(sockets.length).toBeLessThan(30);
    },
  );

  test.each([
    ['seconds', (): string => '77', 77_000, '77 s'],
    ['a moment', (now: number) => new Date(now + 90_000).toUTCString(), 90_000, '90 s'],
    ['less than the backoff', () => '0', 1_000, null],
    ['a moment that has passed', (now: number) => new Date(now - 90_000).toUTCString(), 1_000, null],
    ['nonsense', () => 'soon', 1_000, null],
    ['a week', () => '604800', 3_600_000, '3600 s'],
  ] as const)('Retry-After of %s is heeded', async (_what, header, waitMs, heard) => {
    let now = 0;
    const { url } = host(() => new Response('', { status: 429, headers: { 'Retry-After': header(now) } }));
    const client = connect(url);
    now = client.clock.now();
    await until(() => client.losses.length === 1, 'the refusal');
    expect(client.clock.due()).toEqual([waitMs]);
    if (heard === null) expect(client.losses[0]).not.toContain('patience');
    else expect(client.losses[0]).toContain(`the venue asks to wait ${heard}`);
  });

  test('an owner that asks for a wait gets it', async () => {
    const { url, sockets } = host();
    const client = connect(url, { verdict: { lost: 'too often', waitMsMin: 60_000 } });
    await until(() => sockets.length === 1, 'a connection');
    sockets[0]!.send('x');
    await until(() => client.losses.length === 1, 'the loss');
    expect(client.clock.due()).toEqual([60_000]);
  });

  test('no more attempts than the limit of the venue allows, within the time that it looks back on', async () => {
    const { url } = host(() => new Response('', { status: 503 }));
    const client = connect(url, {
      random: 0,
      limits: { backoffMsMax: 1_000 },
      attemptLimit: { count: 4, withinMs: 60_000 },
    });
    const waits: number[] = [];
    for (let i = 1; i <= 8; i++) {
      if (i === 1) await until(() => client.losses.length === 1, 'the first refusal');
      else await attempt(client, i);
      waits.push(client.clock.due()[0]!);
    }
    expect(waits).toEqual([500, 500, 500, 58_500, 500, 500, 500, 58_500]);
  });
});

test('every venue has a limit of attempts, below the one that it publishes', () => {
  const published = {
    binance: [300, 300_000],
    kraken: [150, 600_000],
    coinbase: [1, 4_000],
    bybit: [500, 300_000],
    okx: [3, 1_000],
  } as const;
  for (const [venue, [count, withinMs]] of Object.entries(published)) {
    const { attemptLimit } = ADAPTERS[venue as keyof typeof published];
    expect([venue, attemptLimit.count / attemptLimit.withinMs <= count / withinMs]).toEqual([venue, true]);
  }
  expect(ADAPTERS.bitstamp.attemptLimit).toEqual(ADAPTERS.kraken.attemptLimit);
});
