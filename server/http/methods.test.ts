import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { endpoints } from './api/endpoints.ts';
import { listenOptions } from './listen.ts';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { practise } from '../../test/stage/http-trader.ts';
import { refusalResponse } from './reply.ts';

/**
 * Over a real socket: the server's own router takes the calls first, and what it does not take falls through
 * to the framework's.
 */

let house: TestHouse;
let base: string;
beforeAll(async () => {
  const pages = new Elysia()
    .get('/', () => 'board')
    .post('/form', () => 'taken', { parse: 'none' })
    .get('/api/v1/stream', () => refusalResponse({ code: 'bad_request' }))
    .get('/*', () => 'a page that is not there');
  house = await openHouse({ plugins: [pages as never] });
  await house.pass(500);
  house.app.listen(listenOptions('127.0.0.1', 0));
  base = `http://127.0.0.1:${house.app.server!.port}`;
});
afterAll(async () => {
  await house.app.server!.stop(true);
  await house.close();
});

const PUBLIC = [
  '/api/v1/grid',
  '/api/v1/ticks',
  '/api/v1/fairness',
  '/api/v1/chain',
  '/api/v1/time',
  '/api/v1/bets/x/receipt',
  '/api/openapi.json',
];

async function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(base + path, { method, headers });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    code: text.startsWith('{') ? (JSON.parse(text).error?.code ?? null) : null,
  };
}

describe('a method that an address does not take', () => {
  test.each([
    ['PUT', '/api/v1/grid', 'GET, HEAD, OPTIONS'],
    ['POST', '/api/v1/grid', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/v1/taps', 'POST, OPTIONS'],
    ['DELETE', '/api/v1/account', 'GET, HEAD, PATCH, OPTIONS'],
    ['GET', '/api/v1/session', 'DELETE, OPTIONS'],
    ['POST', '/api/v1/bets/0190a5c2/receipt', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/api/v1/ticks', 'GET, HEAD, OPTIONS'],
    ['POST', '/api/v1/stream', 'GET, HEAD, OPTIONS'],
    ['POST', '/api/docs', 'GET, HEAD, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
    ['PUT', '/form', 'POST, OPTIONS'],
  ])('%s %s: 405 with Allow', async (method, path, allow) => {
    const answer = await ask(method, path);
    expect([answer.status, answer.headers.get('allow'), answer.code]).toEqual([
      405,
      allow,
      'method_not_allowed',
    ]);
  });

  test('HEAD where there is only POST: 405, and no body', async () => {
    const answer = await ask('HEAD', '/api/v1/taps');
    expect([answer.status, answer.headers.get('allow'), answer.text]).toEqual([405, 'POST, OPTIONS', '']);
  });
});

describe('OPTIONS', () => {
  test('of every call tells its methods', async () => {
    for (const { method, path } of endpoints) {
      const answer = await ask('OPTIONS', path.replace(/:\w+/g, 'x'));
      expect([path, answer.status, answer.text]).toEqual([path, 204, '']);
      expect(answer.headers.get('allow')!.split(', ')).toContain(method);
    }
  });
  test('lets a script of another page read what is public, and send If-None-Match with it', async () => {
    for (const path of PUBLIC) {
      const { headers } = await ask('OPTIONS', path, {
        origin: 'https://evil.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'if-none-match',
      });
      expect(
        ['allow-origin', 'allow-methods', 'allow-headers', 'allow-credentials'].map((name) =>
          headers.get(`access-control-${name}`),
        ),
      ).toEqual(['*', 'GET, HEAD', 'if-none-match', null]);
    }
  });
  test.each([
    '/api/v1/account',
    '/api/v1/taps',
    '/api/v1/practice',
    '/api/v1/login',
    '/api/v1/session',
    '/api/v1/account/statement',
    '/',
    '/form',
  ])('lets it do nothing at %s', async (path) => {
    const { headers } = await ask('OPTIONS', path, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('what is not there', () => {
  test.each<[string, string]>([
    ['GET', '/api/v1/nothing'],
    ['POST', '/api/v1/nothing'],
    ['OPTIONS', '/api/v1/nothing'],
    ['GET', '/api/v1/grid/'],
    ['POST', '/api/v1/taps/'],
    ['GET', '/api/docs/'],
    ['GET', '/api/v1//grid'],
    ['GET', `${'/API/v1/grid'.replace('API', 'api')}/x`],
    ['GET', '/api/v1/bets/a/b/receipt'],
    ['GET', '/api/'],
    ['GET', '/api/v2/grid'],
  ])('%s %s is told as JSON', async (method, path) => {
    const answer = await ask(method, path, { accept: 'text/html' });
    expect([answer.status, answer.code, answer.headers.get('content-type')]).toEqual([
      404,
      'not_found',
      'application/json;charset=utf-8',
    ]);
  });
  test('a slash too many is named', async () =>
    expect((await ask('GET', '/api/v1/grid/')).text).toContain('remove the trailing slash'));
  test('HEAD has the headers of GET and no body', async () => {
    const [head, get] = [await ask('HEAD', '/api/v1/grid'), await ask('GET', '/api/v1/grid')];
    expect([head.status, head.text, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
      200,
      '',
      get.headers.get('content-length') ?? String(Buffer.byteLength(get.text)),
      get.headers.get('etag'),
    ]);
    expect((await ask('HEAD', '/api/v1/nothing')).status).toBe(404);
  });
});

describe('scripts of other pages', () => {
  const foreign = { origin: 'https://evil.example' };
  test('may read what is public, refusals too, and never with credentials', async () => {
    for (const path of [...PUBLIC, '/api/v1/ticks?limit=0']) {
      const { headers } = await ask('GET', path, foreign);
      expect([
        path,
        headers.get('access-control-allow-origin'),
        headers.get('access-control-allow-credentials'),
      ]).toEqual([path, '*', null]);
      expect(headers.get('access-control-expose-headers')).toContain('etag');
    }
  });
  test('may read nothing else', async () => {
    for (const path of [
      '/api/v1/account',
      '/api/v1/bets',
      '/api/v1/account/statement',
      '/api/v1/account/statement.csv',
      '/',
      '/api/docs',
      '/api/v1/nothing',
    ])
      expect((await ask('GET', path, foreign)).headers.get('access-control-allow-origin')).toBe(null);
  });
  test('read what is public as nobody, whatever cookie comes along', async () => {
    const { token } = await practise(house);
    let read = 0;
    const seen = house.deps.sessions.authenticate.bind(house.deps.sessions);
    Object.assign(house.deps.sessions, {
      authenticate: (...call: Parameters<typeof seen>) => (read++, seen(...call)),
    });
    const cookie = `__Host-sid=${token}`;
    for (const path of PUBLIC) await ask('GET', path, { ...foreign, cookie });
    expect(read).toBe(0);
    await ask('GET', '/api/v1/bets/x/receipt', { cookie, 'sec-fetch-site': 'same-origin' });
    expect(read).toBe(1);
  });
});
