import { quantile } from './spread.ts';

/**
 * Watchers, in a process of their own: plain sockets that ask for an upgrade and then only read, because a
 * whole socket client for each would cost more than the server. Arguments: origin, sockets. Over IPC it is
 * told to count for some seconds.
 */
const [origin, sockets] = [process.argv[2]!, Number(process.argv[3])];
const CONNECTING_AT_ONCE = 64;
/** One in so many reads what it gets, for the latency; the others count bytes. */
const READING_EVERY = 20;

/** What all watchers together got. Latency is from the tick's own time to its arrival, ms. */
export interface Watched {
  readonly bytes: number;
  readonly ticks: number;
  readonly lost: number;
  readonly p50: number;
  readonly p99: number;
}

let [bytes, lost] = [0, 0];
let counting = false;
const latencies: number[] = [];
const TICK = /\["t",\d+,(\d+),/g;

const { hostname, port, host } = new URL(origin);
let left = sockets;
let index = 0;
await Promise.all(
  Array.from({ length: CONNECTING_AT_ONCE }, async () => {
    while (left-- > 0) await watch(index++ % READING_EVERY === 0);
  }),
);
process.send!('connected');

process.on('message', async (seconds: number) => {
  await Bun.sleep(500);
  [bytes, lost] = [0, 0];
  latencies.length = 0;
  counting = true;
  await Bun.sleep(seconds * 1000);
  counting = false;
  const sorted = latencies.toSorted((a, b) => a - b);
  process.send!({
    bytes,
    ticks: latencies.length,
    lost,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  } satisfies Watched);
});

/** Resolves when the server has let the watcher in. */
function watch(reads: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = false;
    const request =
      `GET /live HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\nConnection: ` +
      `Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ` +
      `${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')}\r\n\r\n`;
    Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        open: (socket) => void socket.write(request),
        data(socket, data) {
          if (!open) {
            open = data.toString('latin1', 0, 12) === 'HTTP/1.1 101';
            if (open) resolve();
            else {
              reject(new Error(`not let in: ${data.toString('latin1', 0, 200)}`));
              socket.end();
            }
          } else if (counting) {
            bytes += data.length;
            if (reads) read(data.toString('latin1'));
          }
        },
        close: () => void lost++,
      },
    }).catch(reject);
  });
}

function read(text: string): void {
  const now = Date.now();
  for (const [, at] of text.matchAll(TICK)) latencies.push(now - Number(at));
}
