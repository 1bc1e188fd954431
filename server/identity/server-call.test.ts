import { afterAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';

const { postJson } = await import(join(import.meta.dir, '../../static/identity/server-call.js'));

const seen: { method: string; type: string | null; body: unknown }[] = [];
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  reusePort: false,
  routes: {
    '/right': async (request) => {
      seen.push({
        method: request.method,
        type: request.headers.get('content-type'),
        body: await request.json(),
      });
      return Response.json({ fine: true });
    },
    '/refused': () =>
      Response.json(
        { error: { code: 'rate_limited', message: 'Too many requests. Slow down a little.' } },
        { status: 429 },
      ),
    '/page': () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
    '/text': () => new Response('fine'),
    '/away': () => Response.redirect('/right', 302),
  },
});
afterAll(() => server.stop(true));

describe('server-call.js', () => {
  const call = (path: string) => postJson(new URL(path, server.url).href, { publicKey: 'key' });
  const problemOf = (path: string) =>
    call(path).then(
      () => null,
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    );

  test('posts JSON and gives the answer', async () => {
    expect(await call('/right')).toEqual({ fine: true });
    expect(seen).toEqual([{ method: 'POST', type: 'application/json', body: { publicKey: 'key' } }]);
  });

  test('a refusal keeps the code and the sentence of the server', async () => {
    expect(await problemOf('/refused')).toEqual({
      code: 'rate_limited',
      message: 'Too many requests. Slow down a little.',
    });
  });

  test('what is no answer of ours, a redirect and silence are told apart', async () => {
    const codes = await Promise.all(
      ['/page', '/text', '/away', 'http://127.0.0.1:1/'].map(async (path) => (await problemOf(path))?.code),
    );
    expect(codes).toEqual(['server_failed', 'server_failed', 'offline', 'offline']);
    expect(seen.length).toBe(1);
  });
});
