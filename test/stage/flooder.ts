import { connect } from 'node:net';
import { setPriority } from 'node:os';

/**
 * usage: bun flooder.ts <origin> <seconds>
 *
 * Sends a house on this machine, from 200 addresses at once, whatever a stranger can: messages of every kind
 * as fast as sockets take them, again after each is closed; requests to every kind of route; packets of
 * thousands of requests; bodies and handshakes that never end; headers that are too large. It ends by itself.
 */
const ADDRESSES = 200;
const [origin, seconds] = process.argv.slice(2) as [string, string];
const { port } = new URL(origin);
const until = performance.now() + Number(seconds) * 1_000;
const isOver = (): boolean => performance.now() >= until;
/** What it sends is to be the house's trouble, not what it takes from this machine. */
setPriority(15);

let turn = 0;
const headers = (): Record<string, string> => {
  turn = (turn + 1) % ADDRESSES;
  return { 'x-forwarded-for': `198.51.100.${turn}`, origin };
};

const MESSAGES = [
  '{"type":"snapshot"}',
  JSON.stringify({
    type: 'taps',
    nonce: crypto.randomUUID(),
    deadline: Date.now() + 20_000,
    taps: [{ cell: '1.5000.1.2', stake: 1_000_000, multiplier: 200, revision: 1 }],
    signature: 'S'.repeat(86),
  }),
  '['.repeat(4_000),
  `{"type":"${'x'.repeat(8_000)}"}`,
];
const PATHS = [
  '/',
  '/fairness',
  '/rules',
  '/api/v1/grid',
  '/api/v1/ticks?from=0',
  '/api/docs',
  '/nope',
  '/bets/x',
];

/** Sockets that are closed and come again. */
async function sockets(): Promise<void> {
  while (!isOver()) {
    await new Promise<void>((resolve) => {
      const path = turn % 2 === 0 ? '/live' : '/api/v1/stream';
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: headers() } as never);
      const end = setTimeout(() => socket.close(), 500);
      socket.onopen = () => {
        for (let n = 0; n < 60; n++) socket.send(MESSAGES[n % MESSAGES.length]!);
      };
      socket.onclose = () => (clearTimeout(end), resolve());
      socket.onerror = () => {};
    });
    await Bun.sleep(10);
  }
}

async function requests(): Promise<void> {
  for (let n = 0; !isOver(); n++)
    await fetch(`${origin}${PATHS[n % PATHS.length]}`, { headers: headers() })
      .then((answer) => answer.arrayBuffer())
      .catch(() => Bun.sleep(50));
}

/** One connection for as long as it lasts, or for some seconds. */
const connection = (send: string, lastsMs: number): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(send));
    const end = setTimeout(() => socket.destroy(), lastsMs);
    socket.on('error', () => {}).on('close', () => (clearTimeout(end), resolve()));
    socket.resume();
  });

const PACKET = `GET /api/v1/time HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(20_000);
const SLOW_BODY = [
  'POST /api/v1/taps HTTP/1.1',
  'Host: x',
  'Content-Type: application/json',
  'Content-Length: 900',
  '',
  '{',
].join('\r\n');
const HALF_OPEN = 'GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upg';
const HUGE = `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'y'.repeat(64_000)}\r\n\r\n`;

async function again(send: string, lastsMs: number): Promise<void> {
  while (!isOver()) {
    await connection(send, lastsMs);
    await Bun.sleep(10);
  }
}

const times = (count: number, work: () => Promise<void>): Promise<void>[] =>
  Array.from({ length: count }, work);

await Promise.all([
  ...times(100, sockets),
  ...times(16, requests),
  ...times(2, () => again(PACKET, 3_000)),
  ...times(50, () => again(SLOW_BODY, 4_000)),
  ...times(50, () => again(HALF_OPEN, 4_000)),
  ...times(4, () => again(HUGE, 1_000)),
]);
process.exit(0);
