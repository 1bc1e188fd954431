import { endpoints } from '../../server/http/api/endpoints.ts';
import { BODY_BYTES_MAX } from '../../server/http/body.ts';
import { PATHS } from '../../test/stage/http-paths.ts';

const HEAD_BYTES = 64_000;
const PACKET_REQUESTS = 20_000;

const request = (method: string, path: string, body?: string): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: x',
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body ?? '',
  ].join('\r\n');

const padded = (bytes: number): string => JSON.stringify({ publicKey: 'x'.repeat(bytes - 16) });
/** What lists take, and what they do not. */
const QUERIES = [
  'from=0&to=9007199254740991&limit=1000000',
  `cursor=${'z'.repeat(2_000)}`,
  'status=closed&limit=-1',
  '%00%ff=%',
];

/** Every path that the code names, right, with queries and with bodies at their limit and beyond. */
export const REQUESTS: readonly string[] = PATHS.flatMap(({ method, path }) => {
  const example = endpoints.find((one) => one.method === method && one.path === path)?.body?.example;
  return method === 'GET'
    ? [request(method, path), ...QUERIES.map((query) => request(method, `${path}?${query}`))]
    : [
        request(method, path, JSON.stringify(example ?? {})),
        request(method, path, '['.repeat(1_000)),
        request(method, path, padded(BODY_BYTES_MAX)),
        request(method, path, padded(BODY_BYTES_MAX + 1)),
      ];
});

/** Thousands of requests in one piece. */
export const PACKET = request('GET', '/api/v1/time').repeat(PACKET_REQUESTS);
/** A body that begins and never ends. */
export const SLOW_BODY =
  'POST /api/v1/taps HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{';
/** A handshake that begins and never ends. */
export const HALF_OPEN = 'GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upg';
export const HUGE_HEAD = `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'y'.repeat(HEAD_BYTES)}\r\n\r\n`;
