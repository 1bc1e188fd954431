import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { BODY_BYTES_MAX, readBytes, readForm, readText } from './body.ts';

const BOUNDS = { bytesMax: 64, msMax: 150 };
const FORM = 'application/x-www-form-urlencoded';

/** What each way of reading says of a request that comes over a real socket. */
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  async fetch(request) {
    const { pathname } = new URL(request.url);
    const length = request.headers.get('content-length');
    const read =
      pathname === '/text'
        ? await readText(request, length === null ? null : Number(length), BOUNDS)
        : pathname === '/form'
          ? await readForm(request, BOUNDS)
          : await readBytes(request, BOUNDS);
    return new Response(
      typeof read === 'string'
        ? read
        : read instanceof Uint8Array
          ? Buffer.from(read).toString()
          : read instanceof URLSearchParams
            ? `${read}`
            : (read?.code ?? 'no form'),
    );
  },
});
afterAll(() => server.stop(true));

/** Sends a head and some of a body, and hangs up with the answer. @returns the body of the answer. */
async function heard(path: string, head: string, body: string): Promise<string> {
  const heard = Promise.withResolvers<string>();
  let text = '';
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port: server.port!,
    socket: {
      data: (_, data) => void ((text += data), text.includes('\r\n\r\n') && heard.resolve(text)),
      close: () => heard.resolve(text),
    },
  });
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${FORM}\r\n${head}\r\n\r\n${body}`);
  const answer = await heard.promise;
  socket.end();
  return answer.split('\r\n\r\n')[1] ?? '';
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const LENGTH = (bytes: number) => `Content-Length: ${bytes}`;
const CHUNKED = 'Transfer-Encoding: chunked';

describe.each(['/text', '/bytes', '/form'])('a body read by %s', (path) => {
  test.each<[string, string, string, string]>([
    ['whole, with its length', LENGTH(3), 'a=b', 'a=b'],
    ['whole, in chunks', CHUNKED, `${chunk('a=')}${chunk('b')}0\r\n\r\n`, 'a=b'],
    ['declared too large, of which nothing comes', LENGTH(65), '', 'payload_too_large'],
    ['too large in chunks that do not end', CHUNKED, chunk('a'.repeat(65)), 'payload_too_large'],
    ['half sent, with its length', LENGTH(9), 'a=b', 'body_timeout'],
    ['half sent, in chunks', CHUNKED, chunk('a=b'), 'body_timeout'],
    ['not sent at all', LENGTH(9), '', 'body_timeout'],
  ])('%s', async (_, head, body, answer) => expect(await heard(path, head, body)).toBe(answer));

  test('that drips is given up, however often a byte comes', async () => {
    const request = new Request('http://x/', {
      method: 'POST',
      headers: { 'content-type': FORM },
      body: new ReadableStream({
        async pull(controller) {
          await Bun.sleep(20);
          controller.enqueue(new TextEncoder().encode('a'));
        },
      }),
    });
    const read =
      path === '/text'
        ? readText(request, null, BOUNDS)
        : path === '/form'
          ? readForm(request, BOUNDS)
          : readBytes(request, BOUNDS);
    expect(await read).toEqual({ code: 'body_timeout' });
  });
});

describe('a form', () => {
  let stopped = false;
  let pulled = 0;
  beforeAll(async () => {
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024));
      },
      cancel: () => void (stopped = true),
    });
    expect(
      await readForm(new Request('http://x/', { method: 'POST', headers: { 'content-type': FORM }, body })),
    ).toEqual({ code: 'payload_too_large' });
  });

  test('too large is read no further, and its sender is told to stop', () => {
    expect(stopped).toBe(true);
    expect(pulled * 1024).toBeLessThanOrEqual(BODY_BYTES_MAX + 4 * 1024);
  });

  test('of another kind is no form', async () =>
    expect(await readForm(new Request('http://x/', { method: 'POST', body: '{}' }))).toBeNull());
});
