import { afterEach, expect, test } from 'bun:test';
import { until } from './hand-clock.ts';
import { Replica } from './replica.ts';
import type { VenueName } from '../../server/feed/spec.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

test('the replica is as strict as the venues: it cuts a client that breaks a rule', async () => {
  const replica = new Replica();
  stops.push(() => replica.stop());
  const rude = (name: VenueName, ...frames: string[]) => {
    const socket = new WebSocket(replica.urls[name]);
    socket.onopen = () => frames.forEach((frame) => socket.send(frame));
    stops.push(() => socket.terminate());
  };
  rude('coinbase');
  rude('coinbase', '{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker","heartbeats"]}');
  rude('binance', ...Array(6).fill('{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":1}'));
  rude('okx');
  const deaf = await Bun.connect({
    hostname: '127.0.0.1',
    port: Number(new URL(replica.urls.binance).port),
    socket: { data() {} },
  });
  stops.push(() => deaf.terminate());
  deaf.write(
    'GET /binance HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: ' +
      'Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGVzdHRlc3R0ZXN0dGVzdA==\r\n\r\n',
  );
  await until(() => new Set(replica.violations).size === 5, 'five violations');
  expect([...new Set(replica.violations)].sort()).toEqual([
    'binance: more than five messages a second',
    'binance: no pong',
    'coinbase: no subscription in time',
    'coinbase: one channel per subscribe message',
    'okx: silence',
  ]);
});
