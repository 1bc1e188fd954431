import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, type Tapgrid } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { createLog } from '../upkeep/log.ts';
import { listenForOperators } from './operations.ts';
import { PATHS } from '../../test/stage/http-paths.ts';

/** The real server with limits so small that a test can spend them. */
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-operations-'));
const [http, operations] = [join(folder, 'http.sock'), join(folder, 'operations.sock')];
let tapgrid: Tapgrid;
beforeAll(async () => {
  writeFileSync(join(folder, 'token'), 'x'.repeat(40));
  const loaded = loadConfig({
    LISTEN_SOCKET: http,
    OPERATIONS_LISTEN: operations,
    PUBLIC_ORIGIN: 'https://taps.example',
    DATA_DIR: join(folder, 'data'),
    FEED: 'walk:1',
    REQUESTS_PER_SECOND_MAX: '1',
    OPERATOR_TOKEN_FILE: join(folder, 'token'),
  });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  tapgrid = await compose(loaded.ok, createLog('silent'), (cause) => {
    throw cause;
  });
});
afterAll(async () => {
  await tapgrid?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let strangers = 0;
/** Somebody new each time. */
const stranger = (): Record<string, string> => ({
  'x-forwarded-for': `203.0.113.${++strangers}`,
  accept: 'text/html',
});
const ask = (path: string, headers: Record<string, string> = stranger(), unix = http) =>
  fetch(`http://x${path}`, { unix, headers, redirect: 'manual' });

const READ = [...new Set(PATHS.filter(({ method }) => method === 'GET').map(({ path }) => path))];

describe('the public address', () => {
  test('the code names the routes that are tried', () =>
    expect(READ).toEqual(
      expect.arrayContaining([
        '/',
        '/readyz',
        '/api/docs',
        '/static/x/app.css',
        '/live',
        '/api/v1/stream',
        '/ops',
        '/bets/x',
      ]),
    ));

  test.each(READ)('%s passes the limit by address', async (path) => {
    const headers = { ...stranger(), upgrade: 'websocket' };
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) statuses.push((await ask(path, headers)).status);
    expect(statuses).toContain(429);
    expect(statuses[0]).not.toBe(429);
  });

  test.each([
    '/metrics',
    '/healthz',
    '/metrics/',
    '/readyz/',
    '/static/..\\metrics',
    '//metrics',
    '/rules/',
    '/nowhere/',
    '/%72ules',
    '/.rules',
  ])('%s is not there', async (path) => expect([path, (await ask(path)).status]).toEqual([path, 404]));
});

describe('the address of operators', () => {
  test('health, readiness, metrics, and nothing else', async () => {
    const at = async (path: string) => (await ask(path, {}, operations)).status;
    expect([
      await at('/readyz'),
      await at('/metrics'),
      (await ask('/metrics', {}, operations)).headers.get('content-type'),
    ]).toEqual([expect.any(Number), 200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect([
      await at('/'),
      await at('/api/v1/grid'),
      await at('/metrics/'),
      await at('/toString'),
      (await fetch('http://x/metrics', { unix: operations, method: 'POST' })).status,
    ]).toEqual([404, 404, 404, 404, 404]);
  });

  test('more looks than anybody needs are refused: each costs as much as many calls', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await ask('/metrics', {}, operations)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  test('a place that cannot be had is named', async () => {
    const failure = await listenForOperators(join(folder, 'token'), () =>
      Promise.resolve(new Response()),
    ).catch((error) => error);
    expect(failure).toMatchObject({ code: 'not_listening' });
    expect(failure.message).toContain('OPERATIONS_LISTEN');
  });
});

test.each([
  ['127.0.0.1:9464', true],
  ['[::1]:9464', true],
  ['/run/x.sock', true],
  ['localhost:9464', true],
  ['127.0.0.1:99999', false],
  ['127.0.0.999:80', false],
  ['0.0.0.0:9464', false],
  ['127.0.0.1', false],
  ['127.0.0.1:0', false],
  ['192.0.2.1:80', false],
  ['x.sock', false],
])('OPERATIONS_LISTEN=%s is taken: %p', (value, taken) =>
  expect('errors' in loadConfig({ OPERATIONS_LISTEN: value })).toBe(!taken),
);
