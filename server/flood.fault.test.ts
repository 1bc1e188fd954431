import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET_LIMITS } from './http/app.ts';
import { STREAM_SENT } from './http/api/stream-messages.ts';
import { PATHS } from '../test/stage/http-paths.ts';
import { MESSAGES_BURST, SOCKETS_PER_ACCOUNT_MAX } from './live/limits.ts';
import { freePort } from '../test/stage/free-port.ts';

/**
 * Every message and every route, as often as the limits allow it at once, from a few addresses together,
 * against the real server with its own limits. A tick that is late by more than 3 s gives back the stakes of
 * whoever has bet, so nothing that a stranger sends may make one late: 300 ms is what is allowed, and twice
 * as much more as quiet runs show that this machine is late by itself.
 */
const LATE_MS_MAX = 300;
const TICK_MS = 100;
/**
 * A machine that is busy with other things is late by chance, a server that can be held up is so each time.
 */
const TRIES = 4;
const STRANGERS = { addresses: 2, sockets: 200 };
const TRADERS = { addresses: 8, sockets: SOCKETS_PER_ACCOUNT_MAX };
const CALLERS = 4;
const REQUESTS = 100;

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-flood-'));
const port = freePort();
const origin = `http://localhost:${port}`;
let server: Bun.Subprocess;
let quietMs: number;
beforeAll(async () => {
  server = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      FEED: 'walk:1',
      EDGES: '0',
      LOG_LEVEL: 'error',
      DATA_DIR: join(folder, 'data'),
      PORT: `${port}`,
    },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  });
  for (
    let tries = 0;
    !(await fetch(`${origin}/api/v1/grid`).then(
      ({ ok }) => ok,
      () => false,
    )) && tries < 400;
    tries++
  )
    await Bun.sleep(50);
  quietMs = await latestWhile(() => Bun.sleep(2_000));
}, 60_000);
afterAll(async () => {
  server?.kill('SIGTERM');
  await server?.exited;
  rmSync(folder, { recursive: true, force: true });
});

describe('messages', () => {
  const taps = { ...STREAM_SENT.taps.example, type: 'taps' };
  const large = (message: object) => JSON.stringify(message).padEnd(SOCKET_LIMITS.maxPayloadLength - 1);
  const kinds: Readonly<Record<string, string>> = {
    snapshot: '{"type":"snapshot"}',
    board: '{"type":"board","board":"quick"}',
    taps: large(taps),
    'no message at all': '['.repeat(4_000) + ']'.repeat(4_000),
    'a strange one': large({ type: 'x' }),
  };

  test('none that there is is left out', () =>
    expect(Object.keys(kinds)).toEqual(expect.arrayContaining(Object.keys(STREAM_SENT))));

  test.each(
    Object.keys(kinds).flatMap((kind) =>
      (['/live', '/api/v1/stream'] as const).flatMap(
        (path) =>
          [
            [kind, path, 'strangers'],
            [kind, path, 'traders'],
          ] as const,
      ),
    ),
  )(
    '%s on %s of %s',
    async (kind, path, who) => {
      await holds(async () => {
        const { addresses, sockets: each } = who === 'strangers' ? STRANGERS : TRADERS;
        const sockets = (
          await Promise.all(
            Array.from({ length: addresses }, async () =>
              open(path, each, who === 'strangers' ? stranger() : await trader()),
            ),
          )
        ).flat();
        for (const socket of sockets)
          for (let count = 0; count < MESSAGES_BURST - 2; count++)
            if (socket.readyState === WebSocket.OPEN) socket.send(kinds[kind]!);
        await Bun.sleep(1_200);
        for (const socket of sockets) socket.close();
      });
    },
    90_000,
  );
});

describe('routes', () => {
  test.each(PATHS.map(({ method, path }) => [method, path]))(
    '%s %s',
    async (method, path) => {
      await holds(async () => {
        const callers = await Promise.all(Array.from({ length: CALLERS }, trader));
        const body =
          method === 'GET'
            ? undefined
            : JSON.stringify({ publicKey: 'x'.repeat(8_000), taps: Array.from({ length: 400 }, () => ({})) });
        const ask = (headers: Record<string, string>) =>
          fetch(`${origin}${path}`, {
            method: method!,
            headers: {
              ...headers,
              origin,
              accept: 'text/html',
              ...(body && { 'content-type': 'application/json' }),
            },
            body,
            redirect: 'manual',
          }).then(
            (answer) => answer.arrayBuffer(),
            () => null,
          );
        await Promise.all(callers.flatMap((headers) => Array.from({ length: REQUESTS }, () => ask(headers))));
        await Bun.sleep(150);
      });
    },
    90_000,
  );
});

describe('one connection', () => {
  const LINES = [
    'GET /nope',
    'OPTIONS /api/v1/taps',
    'PUT /api/v1/grid',
    'GET /metrics',
    'GET /readyz',
    'GET /api/v1/stream',
    'GET /api/v1/time',
    'GET /api/v1/account',
    'POST /api/v1/taps',
  ];

  test.each(LINES)(
    'that sends %s again and again without waiting for an answer',
    async (line) => {
      const packet = Buffer.from(
        `${line} HTTP/1.1\r\nHost: x\r\nOrigin: https://elsewhere.example\r\n\r\n`.repeat(20_000),
      );
      await holds(async () => {
        for (const until = performance.now() + 2_000; performance.now() < until; ) await sent(packet);
      });
    },
    90_000,
  );
});

/** Sends all of it on one connection, and resolves when it has been read or the connection has ended. */
function sent(packet: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(packet));
    socket.on('error', () => {}).on('close', () => resolve());
    socket.resume();
    setTimeout(() => socket.destroy(), 5_000).unref();
  });
}

/** Tries again what was late: only what is late each time is. */
async function holds(flood: () => Promise<void>): Promise<void> {
  const late: number[] = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const ms = await latestWhile(flood);
    if (ms <= LATE_MS_MAX + 2 * quietMs) return;
    late.push(ms);
    quietMs = Math.max(quietMs, await latestWhile(() => Bun.sleep(1_000)));
  }
  throw new Error(`ticks were late by ${late.join(', ')} ms; in a quiet run by ${quietMs} ms`);
}

/** How late the latest tick was meanwhile, ms, by the log of ticks. */
async function latestWhile(work: () => Promise<unknown>): Promise<number> {
  const from = Date.now();
  await work();
  // By another address, whose limits are whole.
  const at: number[] = [];
  for (let tries = 0; at.length === 0 || at.at(-1)! < from; tries++) {
    const { ticks } = (await (
      await fetch(`${origin}/api/v1/ticks?from=${from - 2 * TICK_MS}`, { headers: stranger() })
    ).json()) as { ticks: { at: number }[] };
    at.splice(0, Infinity, ...ticks.map((tick) => tick.at));
    if (tries > 400) throw new Error('there are no ticks any more');
    await Bun.sleep(TICK_MS);
  }
  return Math.max(
    0,
    ...at.slice(1).map((tick, index) => tick - at[index]! - TICK_MS),
    Date.now() - at.at(-1)! - 4 * TICK_MS,
  );
}

let addresses = 0;
function stranger(): Record<string, string> {
  addresses++;
  return { 'x-forwarded-for': `198.51.${addresses >> 8}.${addresses & 255}`, origin };
}

async function trader(): Promise<Record<string, string>> {
  const headers = stranger();
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const key = Buffer.from(await crypto.subtle.exportKey('raw', publicKey)).toString('base64url');
  const made = await fetch(`${origin}/api/v1/practice`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ publicKey: key }),
  });
  return { ...headers, cookie: made.headers.get('set-cookie')!.split(';')[0]! };
}

/** As many sockets as were wanted; upgrades are requests, so their limit is waited for. */
async function open(path: string, count: number, headers: Record<string, string>): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  const one = () =>
    new Promise<WebSocket | null>((resolve) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { headers } as never);
      socket.onopen = () => resolve(socket);
      socket.onerror = () => resolve(null);
    });
  for (let tries = 0; sockets.length < count && tries < 20; tries++) {
    sockets.push(
      ...(await Promise.all(Array.from({ length: count - sockets.length }, one))).filter(
        (socket) => socket !== null,
      ),
    );
    if (sockets.length < count) await Bun.sleep(500);
  }
  expect(sockets).toHaveLength(count);
  return sockets;
}
