import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createConnection } from 'node:net';
import { listenOptions } from '../http/listen.ts';
import type { SessionBook } from '../identity/sessions.ts';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { practise, type Trader } from '../../test/stage/http-trader.ts';
import { BEAT_MS } from './heartbeat.ts';
import type { LiveHub } from './hub.ts';
import { CLOSE } from './limits.ts';
import { liveHub } from './socket.ts';

/**
 * The real hub and sessions behind a real server, on a clock that is moved by hand. Sessions are idle after
 * 30 minutes and end after 12 hours.
 */

const MINUTE = 60_000;
let house: TestHouse;
let hub: LiveHub;
let place: string;
beforeAll(async () => {
  house = await openHouse({
    deps: (deps) => {
      const live = liveHub({
        ...deps,
        showOthers: true,
        sessions: deps.sessions as SessionBook,
        limits: { ...deps.limits, socketsMax: 100, socketsPerAddressMax: 100 },
        rules: { stakes: [1], windows: [5000], windowMs: 5000, tapsPerSignatureMax: 16 },
      });
      hub = live.hub;
      return { ...deps, plugins: [live.plugin] };
    },
  });
  await house.pass(500);
  house.app.listen(listenOptions('127.0.0.1', 0));
  place = `127.0.0.1:${house.app.server!.port}`;
});
afterAll(async () => {
  hub.drain();
  await house.app.server!.stop(true);
  await house.close();
});

const isIn = async ({ token }: Trader): Promise<boolean> =>
  (await house.call('/api/v1/account', { token })).status === 200;

/**
 * A bot that listens and never says anything by itself. `answer` is one round trip: whatever it was asked for
 * before has come back with it.
 */
async function listen({ token }: Trader) {
  const socket = new WebSocket(`ws://${place}/api/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
  } as never);
  const waiting: (() => void)[] = [];
  const closed = new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)));
  socket.onmessage = ({ data }) => JSON.parse(String(data)).type === 'hello' && waiting.shift()?.();
  const hello = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  await hello();
  const answer = async (): Promise<void> => {
    const answered = hello();
    socket.send('{"type":"snapshot"}');
    await answered;
  };
  return { socket, closed, answer };
}

async function later(minutes: number, stepMs: number, each: () => Promise<void>): Promise<void> {
  for (let passed = 0; passed < minutes * MINUTE; passed += stepMs) {
    house.clock.now += stepMs;
    hub.beat();
    await each();
  }
}

test('a bot that only listens stays signed in for hours', async () => {
  const trader = await practise(house);
  const line = await listen(trader);
  await later(95, BEAT_MS, line.answer);
  expect(await isIn(trader)).toBe(true);
  line.socket.close();
  await line.closed;
  house.clock.now += 31 * MINUTE;
  expect(await isIn(trader)).toBe(false);
}, 120_000);

test('its session ends after twelve hours all the same, and so does its socket', async () => {
  const trader = await practise(house);
  const line = await listen(trader);
  await later(12 * 60 - 1, 10 * MINUTE, line.answer);
  expect(await isIn(trader)).toBe(false);
  expect(await line.closed).toBe(CLOSE.signedOut);
}, 120_000);

test('a line that has died without a word is no use: idle counts from its last sign', async () => {
  const trader = await practise(house);
  // Takes the upgrade and never answers a ping.
  const socket = createConnection({ host: '127.0.0.1', port: Number(place.split(':')[1]) });
  await new Promise<void>((resolve) => {
    socket.once('data', () => resolve());
    socket.write(
      `GET /api/v1/stream HTTP/1.1\r\nHost: ${place}\r\nAuthorization: ` +
        `Bearer ${trader.token}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: ` +
        `13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
  });
  await later(29, MINUTE, async () => {});
  house.clock.now += 2 * MINUTE;
  expect(await isIn(trader)).toBe(false);
  socket.destroy();
});

test('pongs that nobody asked for are no sign', async () => {
  const trader = await practise(house);
  const line = await listen(trader);
  house.clock.now += 29 * MINUTE;
  (line.socket as unknown as { pong(): void }).pong();
  await line.answer();
  house.clock.now += 2 * MINUTE;
  expect(await isIn(trader)).toBe(false);
  line.socket.close();
});

test('who only watches is asked for nothing', async () => {
  const socket = new WebSocket(`ws://${place}/api/v1/stream`);
  const pings: unknown[] = [];
  socket.addEventListener('ping' as never, (event: unknown) => void pings.push(event));
  await new Promise((resolve) => (socket.onmessage = resolve));
  house.clock.now += BEAT_MS;
  hub.beat();
  const answered = new Promise((resolve) => (socket.onmessage = resolve));
  socket.send('{"type":"snapshot"}');
  await answered;
  expect(pings).toEqual([]);
  socket.close();
});
