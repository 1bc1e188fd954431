import { check, sleep } from 'k6';
import http, { type Response } from 'k6/http';
import { mine, watch, type Client, type Order } from './client.ts';
import { duration, isLoopback, setting, TARGET } from './target.ts';
import { NO_FAULTS } from './pass-marks.ts';

/**
 * Wrong, doubled, forged and oversized orders beside nothing else: each gets its own refusal, cheaply, and
 * never a fault of the server.
 */
export const options = {
  vus: setting('USERS', 20, 1000),
  duration: duration('DURATION', '30s'),
  thresholds: { ...NO_FAULTS, checks: ['rate>0.99'] },
};

type Attempt = readonly [
  name: string,
  run: (client: Client, order: Order) => Response,
  statuses: readonly number[],
];

const ATTEMPTS: readonly Attempt[] = [
  [
    'a signature of another text',
    (client, order) =>
      client.send({ ...order, taps: order.taps.map((tap) => ({ ...tap, stake: tap.stake * 5 })) }),
    [403, 401, 400],
  ],
  [
    'a deadline far ahead',
    (client, order) => client.send({ ...order, deadline: Date.now() + 3_600_000 }),
    [400, 409, 422],
  ],
  [
    'a deadline long ago',
    (client, order) => client.send({ ...order, deadline: Date.now() - 3_600_000 }),
    [400, 409, 410, 422],
  ],
  [
    'a field too many',
    (client, order) => post('/api/v1/taps', JSON.stringify({ ...order, admin: true }), client.token),
    [400],
  ],
  ['no JSON', (client) => post('/api/v1/taps', '{"nonce":', client.token), [400]],
  [
    'a body of 40 KB',
    (client) => post('/api/v1/taps', JSON.stringify({ x: 'y'.repeat(40_000) }), client.token),
    [413],
  ],
  ['no session', (_, order) => post('/api/v1/taps', JSON.stringify(order), null), [401]],
  [
    "another site's page",
    (_, order) =>
      post('/api/v1/taps', JSON.stringify(order), null, {
        origin: 'https://elsewhere.example',
        'sec-fetch-site': 'cross-site',
      }),
    [403],
  ],
  [
    "a bet that is nobody's",
    (client) => client.get('/api/v1/bets/00000000-0000-7000-8000-000000000000/receipt'),
    [404],
  ],
  ['a cursor of its own making', (client) => client.get('/api/v1/bets?status=open&cursor=zzzz'), [400]],
];

export default async function (): Promise<void> {
  const client = await mine();
  if (client === null) return sleep(1);
  for (const [name, run, statuses] of ATTEMPTS) {
    const order = await client.order(1);
    if (order === null) return sleep(1);
    const { status } = run(client, order);
    // Whoever asks too often is told so instead.
    check(status, { [`${name} is refused`]: (heard) => heard === 429 || statuses.includes(heard) });
  }
  const order = await client.order(1);
  if (order === null) return sleep(1);
  const [first, second] = [client.send(order), client.send(order)];
  if (first.status === 200 && second.status === 200)
    check(second, { 'an order sent twice is placed once': (heard) => heard.json().replayed === true });
  sleep(0.5);
}

function post(
  path: string,
  body: string,
  token: string | null,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = {
    'content-type': 'application/json',
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(isLoopback && { 'x-forwarded-for': `10.200.0.${Math.floor(Math.random() * 250)}` }),
    ...more,
  };
  // The session's cookie, which k6 keeps as a browser would, stays at home.
  const response = http.post(`${TARGET}${path}`, body, {
    headers,
    tags: { name: path },
    jar: new http.CookieJar(),
  });
  watch(response);
  return response;
}
