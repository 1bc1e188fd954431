import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import fc from 'fast-check';
import { REJECTIONS } from '../game/rejection.ts';
import { endpoints } from './api/endpoints.ts';
import { SOCKET_LIMITS } from './app.ts';
import { listenOptions } from './listen.ts';
import { BODY_BYTES_MAX } from './body.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { makeKey, offers, practise, tapOn, type Trader } from '../../test/stage/http-trader.ts';

let house: TestHouse;
let trader: Trader;

beforeAll(async () => {
  const stray = new Elysia()
    .get('/boom', () => {
      throw new Error('secret of the house');
    })
    .post('/form', ({ body }) => Response.json({ body }));
  house = await openHouse({ plugins: [stray as never], tapsPerSecond: 1_000_000 });
  await house.pass(500);
  trader = await practise(house);
});
afterAll(() => house.close());

const ask = (path: string, init: RequestInit) => house.app.handle(new Request(`${ORIGIN}${path}`, init));
const codeOf = async (response: Response): Promise<string | null> =>
  ((await response.json().catch(() => null)) as any)?.error?.code ?? null;

describe('who may write', () => {
  const cookie = () => `__Host-sid=${trader.token}`;
  const json = { 'content-type': 'application/json' };
  test.each<[string, () => Record<string, string>, number]>([
    ['a bearer token from anywhere', () => ({ authorization: `Bearer ${trader.token}` }), 200],
    [
      'a bearer token and what HTTP libraries add',
      () => ({ authorization: `Bearer ${trader.token}`, cookie: 'theme=dark', 'sec-fetch-mode': 'cors' }),
      200,
    ],
    [
      'a bearer token with a foreign origin',
      () => ({ authorization: `Bearer ${trader.token}`, origin: 'https://evil.example' }),
      403,
    ],
    [
      'a bearer token from a sibling site',
      () => ({ authorization: `Bearer ${trader.token}`, 'sec-fetch-site': 'same-site' }),
      403,
    ],
    ['a cookie and our origin', () => ({ cookie: cookie(), origin: ORIGIN }), 200],
    ['a cookie and same-origin metadata', () => ({ cookie: cookie(), 'sec-fetch-site': 'same-origin' }), 200],
    ['a cookie alone: a program, whose cookies are not read', () => ({ cookie: cookie() }), 401],
    ['a cookie and a foreign origin', () => ({ cookie: cookie(), origin: 'https://evil.example' }), 403],
    ['a cookie and origin null', () => ({ cookie: cookie(), origin: 'null' }), 403],
    [
      'a cookie and a sibling site',
      () => ({ cookie: cookie(), origin: ORIGIN, 'sec-fetch-site': 'same-site' }),
      403,
    ],
    ['a cookie and an empty bearer token', () => ({ cookie: cookie(), authorization: 'Bearer ' }), 401],
    ['a cookie of the wrong name', () => ({ cookie: `sid=${trader.token}`, origin: ORIGIN }), 401],
    [
      'a cookie beside a wrong bearer token',
      () => ({ cookie: cookie(), origin: ORIGIN, authorization: `Bearer ${'A'.repeat(43)}` }),
      401,
    ],
    [
      "a cookie beside the proxy's own password",
      () => ({ cookie: cookie(), origin: ORIGIN, authorization: 'Basic dXNlcjpwYXNz' }),
      200,
    ],
    ['nobody', () => ({}), 401],
    ['a token in the address', () => ({ 'x-token': trader.token }), 401],
  ])('%s', async (_, headers, status) => {
    const response = await ask('/api/v1/account', {
      method: 'PATCH',
      headers: { ...json, ...headers() },
      body: '{"guardPercent":80}',
    });
    expect([
      response.status,
      response.headers.get('access-control-allow-origin'),
      response.headers.get('access-control-allow-credentials'),
    ]).toEqual([status, null, null]);
  });

  test('a foreign site may not sign anybody in, nor write to pages', async () => {
    const { publicKey } = await makeKey();
    const before = house.engine.batcher.batches;
    const foreign = { ...json, origin: 'https://evil.example' };
    expect(
      await codeOf(
        await ask('/api/v1/practice', {
          method: 'POST',
          headers: foreign,
          body: JSON.stringify({ publicKey }),
        }),
      ),
    ).toBe('wrong_origin');
    expect(await codeOf(await ask('/form', { method: 'POST', headers: foreign, body: '{}' }))).toBe(
      'wrong_origin',
    );
    expect(house.engine.batcher.batches).toBe(before);
  });
});

describe('what is too large', () => {
  const large = JSON.stringify({ publicKey: 'x'.repeat(BODY_BYTES_MAX) });
  const headers = { 'content-type': 'application/json' };
  const chunked = () =>
    new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new TextEncoder().encode('x'.repeat(1024)));
        controller.close();
      },
    });

  test.each<[string, () => Promise<Response>]>([
    [
      'by what it declares',
      () =>
        ask('/api/v1/practice', {
          method: 'POST',
          headers: { ...headers, 'content-length': String(BODY_BYTES_MAX + 1) },
          body: 'x',
        }),
    ],
    [
      'by what it declares, on a page',
      () =>
        ask('/form', {
          method: 'POST',
          headers: { ...headers, 'content-length': String(BODY_BYTES_MAX + 1) },
          body: 'x',
        }),
    ],
    ['by what comes', () => ask('/api/v1/practice', { method: 'POST', headers, body: large })],
    ['by what comes in chunks', () => ask('/api/v1/practice', { method: 'POST', headers, body: chunked() })],
  ])('%s', async (_, send) => {
    const response = await send();
    expect([response.status, await codeOf(response)]).toEqual([413, 'payload_too_large']);
  });

  test('over a socket too, with a JSON answer', async () => {
    house.app.listen(listenOptions('127.0.0.1', 0));
    const url = `http://127.0.0.1:${house.app.server!.port}/api/v1/practice`;
    const response = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(1_000_000) });
    expect([response.status, await codeOf(response)]).toEqual([413, 'payload_too_large']);
    expect(() =>
      Bun.serve({
        port: house.app.server!.port!,
        hostname: '127.0.0.1',
        reusePort: false,
        fetch: () => new Response(),
      }),
    ).toThrow();
    await house.app.server!.stop(true);
  });
  test('frames are bounded for the whole server', () =>
    expect(house.app.config.websocket).toMatchObject(SOCKET_LIMITS));
});

describe('what is not JSON', () => {
  test.each<[string, BodyInit, string]>([
    ['cut off', '{"publicKey":', 'application/json'],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json'],
    [
      'not UTF-8 inside a text',
      new Uint8Array([...new TextEncoder().encode('{"publicKey":"'), 0xff, 0x22, 0x7d]),
      'application/json',
    ],
    ['empty', '', 'application/json'],
    ['a form', 'publicKey=x', 'application/x-www-form-urlencoded'],
    ['JSON that says it is text, as a form of another site would', '{}', 'text/plain'],
  ])('%s', async (_, body, type) => {
    const response = await ask('/api/v1/practice', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect([response.status, await codeOf(response)]).toEqual([400, 'bad_request']);
  });
});

describe('what a query may say', () => {
  test.each([
    ['/api/v1/ticks?fromSeq=1&x=1', 'x', 'Field x: unknown field.'],
    ['/api/v1/bets?status=open&status=closed', 'status', 'Field status: expected it once.'],
    ['/api/v1/bets?limit=5&limit=5', 'limit', 'Field limit: expected it once.'],
    ['/api/v1/bets?Limit=5', 'Limit', 'Field Limit: unknown field.'],
    ['/api/v1/bets?__proto__=5', '__proto__', 'Field __proto__: unknown field.'],
  ])('%s: refused by its field', async (path, field, message) => {
    const { status, body } = await house.call(path, { token: trader.token });
    expect([status, body.error]).toEqual([400, { code: 'bad_request', field, message }]);
  });
  test('each once is taken', async () =>
    expect((await house.call('/api/v1/bets?status=closed&limit=5', { token: trader.token })).status).toBe(
      200,
    ));

  test('the cursor of another call is refused', async () => {
    const other = await practise(house);
    for (let n = 0; n < 2; n++)
      expect((await other.tap([tapOn(offers(house)[5 + n]!)])).body.results[0].status).toBe('accepted');
    const { cursor } = (await house.call('/api/v1/account/statement?limit=1', { token: other.token })).body;
    expect(
      (await house.call(`/api/v1/account/statement?limit=1&cursor=${cursor}`, { token: other.token })).status,
    ).toBe(200);
    for (const path of ['/api/v1/bets?status=open', '/api/v1/bets?status=closed'])
      expect((await house.call(`${path}&cursor=${cursor}`, { token: other.token })).body.error).toMatchObject(
        { code: 'bad_request', field: 'cursor' },
      );
  });
});

describe('a body that is encoded', () => {
  test.each([
    ['gzip', 415],
    ['br', 415],
    ['identity', 400],
  ])('%s: %d', async (encoding, status) => {
    const response = await ask('/api/v1/practice', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: '{}',
    });
    expect([response.status, await codeOf(response)]).toEqual([
      status,
      status === 415 ? 'unsupported_encoding' : 'bad_request',
    ]);
  });
});

describe('what goes wrong', () => {
  test('inside: 500 without a word of why, the cause in the log with the id of the request', async () => {
    const response = await ask('/boom', {});
    const text = await response.text();
    expect([response.status, text.includes('secret')]).toEqual([500, false]);
    expect(house.logged.splice(0)).toEqual([
      expect.objectContaining({
        requestId: response.headers.get('x-request-id'),
        path: '/boom',
        err: expect.any(Error),
      }),
    ]);
  });
  test.each(['/nothing', '/api/v1/nothing', '/api/v2/grid', '/api/v1/bets//receipt'])(
    '%s: nothing is there',
    async (path) => {
      const response = await ask(path, {});
      expect([response.status, await codeOf(response)]).toEqual([404, 'not_found']);
    },
  );
  test('every answer has a request id of its own, which nobody can choose', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () =>
        (await ask('/readyz', { headers: { 'x-request-id': 'mine' } })).headers.get('x-request-id'),
      ),
    );
    expect(new Set([...ids, 'mine']).size).toBe(3);
  });
});

test('requests over the rate of an address are refused; a neighbour is not', async () => {
  const small = await openHouse({ requestsPerSecond: 3 });
  const from = (address: string) => small.call('/api/v1/chain', { headers: { 'x-forwarded-for': address } });
  const answers = [
    await from('192.0.2.1'),
    await from('192.0.2.1'),
    await from('192.0.2.1'),
    await from('192.0.2.1'),
    await from('192.0.2.2'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 200]);
  expect([
    answers[3]!.headers.get('retry-after'),
    answers[3]!.headers.get('ratelimit'),
    answers[3]!.headers.get('ratelimit-policy'),
    answers[3]!.body.error.code,
  ]).toEqual(['1', '"requests";r=0;t=1', '"requests";q=3;w=1', 'rate_limited']);
  small.clock.now += 1000;
  expect((await from('192.0.2.1')).status).toBe(200);
  await small.close();
});

test.each<[string, string, RequestInit, number]>([
  ['a method that is not taken', '/api/v1/grid', { method: 'PUT' }, 405],
  ['OPTIONS', '/api/v1/grid', { method: 'OPTIONS' }, 204],
  ['an address where nothing is', '/nowhere', {}, 404],
  ['the same for a change', '/nowhere', { method: 'POST' }, 404],
  ['the same in the API', '/api/v1/nothing', {}, 404],
  ['an address that is not read', '//x', {}, 404],
  [
    'a change for another site',
    '/api/v1/practice',
    { method: 'POST', headers: { origin: 'https://evil.example' } },
    403,
  ],
  ['the same on a page', '/form', { method: 'POST', headers: { origin: 'https://evil.example' } }, 403],
  [
    'a body that is declared too large',
    '/api/v1/practice',
    { method: 'POST', headers: { 'content-length': String(BODY_BYTES_MAX + 1) }, body: 'x' },
    413,
  ],
])('what is refused is counted too: %s', async (_, path, init, status) => {
  const form = new Elysia().post('/form', () => 'taken', { parse: 'none' });
  const small = await openHouse({ requestsPerSecond: 3, plugins: [form as never] });
  const from = async (address: string) =>
    (
      await small.app.handle(
        new Request(`${ORIGIN}${path}`, {
          ...init,
          headers: { ...init.headers, 'x-forwarded-for': address },
        }),
      )
    ).status;
  const answers = [
    await from('192.0.2.1'),
    await from('192.0.2.1'),
    await from('192.0.2.1'),
    await from('192.0.2.1'),
    await from('192.0.2.2'),
  ];
  expect(answers).toEqual([status, status, status, 429, status]);
  small.clock.now += 1000;
  expect(await from('192.0.2.1')).toBe(status);
  await small.close();
});

describe('fuzz', () => {
  const codes: readonly string[] = REJECTIONS.map(([code]) => code);
  const wild = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constantFrom(
      '{"__proto__":{"a":1}}',
      '{"constructor":{"prototype":{}}}',
      '[[[[]]]]',
      '1e999',
      '"\\u0000"',
    ),
  );
  const field = fc.oneof(
    fc.anything(),
    fc.constantFrom(-1, 0, 2 ** 53, 1.5, '', null, '1781481610000.5000.7602000.7603000'),
  );

  async function unharmed(send: () => Promise<{ status: number; body: any }>): Promise<void> {
    const { status, body } = await send();
    if (status < 400) return;
    expect(status).not.toBe(500);
    expect(codes).toContain(body.error.code);
  }

  test('no body makes a 500, and none that is not an order is taken', async () => {
    const before = await trader.balance();
    const writing = endpoints.filter(({ body }) => body);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...writing), wild, async ({ path, method }, body) => {
        house.clock.now += 50;
        await unharmed(() => house.call(path, { method, token: trader.token, body }));
      }),
      { numRuns: 300 },
    );
    expect(await trader.balance()).toBe(before);
  });

  test('an order with one field made wild is never taken', async () => {
    const before = await trader.balance();
    await house.pass(200);
    const order = await trader.order([tapOn(offers(house)[2]!)]);
    const paths = [
      'nonce',
      'deadline',
      'signature',
      'taps',
      'taps.0',
      'taps.0.cell',
      'taps.0.stake',
      'taps.0.multiplier',
      'taps.0.revision',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), field, async (path, value) => {
        const wildOrder: any = structuredClone(order);
        const keys = path.split('.');
        const last = keys.pop()!;
        keys.reduce((part, key) => part[key], wildOrder)[last] = value;
        let body: string;
        try {
          body = JSON.stringify(wildOrder);
        } catch {
          return;
        }
        if (body === JSON.stringify(order)) return;
        const answer = await house.call('/api/v1/taps', { method: 'POST', token: trader.token, body });
        expect(answer.status === 400 || answer.status === 401).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(await trader.balance()).toBe(before);
    expect((await house.call('/api/v1/bets', { token: trader.token })).body.bets).toEqual([]);
  });

  test('no address or query makes a 500', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('%00', '%', '../..', 'true', '-1', '1e3', '9'.repeat(30), 'djE6MQ'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...endpoints.filter(({ method }) => method === 'GET')),
        fc.constantFrom('from', 'to', 'fromSeq', 'toSeq', 'limit', 'cursor', 'status', 'currency'),
        text,
        async ({ path }, name, value) => {
          house.clock.now += 50;
          await unharmed(() =>
            house.call(
              `${path.replace(':id', encodeURIComponent(value))}?${name}=${encodeURIComponent(value)}`,
              { token: trader.token },
            ),
          );
        },
      ),
      { numRuns: 300 },
    );
    expect(house.logged).toEqual([]);
  });

  test('no header makes a 500', async () => {
    const value = fc.string({
      unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'authorization',
          'cookie',
          'x-forwarded-for',
          'if-none-match',
          'content-type',
          'sec-fetch-site',
          'origin',
        ),
        value,
        async (name, text) => {
          house.clock.now += 50;
          await unharmed(() => house.call('/api/v1/account', { headers: { [name]: text } }));
        },
      ),
      { numRuns: 150 },
    );
    expect(house.logged).toEqual([]);
  });
});
