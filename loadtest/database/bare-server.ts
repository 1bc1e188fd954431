import { join } from 'node:path';
import { signedText, type SignedTaps } from '../../server/game/tap.ts';
import type { BareAccount, BareBalances, BareOrder, ToBareWriter } from './bare-writer.ts';

/**
 * The least that a durable, signed tap costs on this machine: verify on WebCrypto's threads, the same
 * statements in batches with `synchronous=FULL` in a Worker, answer after the commit. No sessions that end,
 * no rules, no exposure, no chain, no market, nobody who watches. It speaks enough of the API for the same
 * load generator. Arguments: port, folder.
 */
const [port, dir] = process.argv.slice(2) as [string, string];
const origin = `http://localhost:${port}`;
const BATCH_ORDERS_MAX = 512;
/** Bets are locked with the next batch, or after this when there is none. */
const LOCK_EVERY_MS = 200;
const SCHEME = { name: 'ECDSA', hash: 'SHA-256' } as const;

interface Owner extends BareAccount {
  readonly key: CryptoKey;
}
interface Waiting {
  readonly order: BareOrder;
  readonly resolve: (balances: BareBalances) => void;
}

const writer = new Worker(join(import.meta.dir, 'bare-writer.ts'));
const replies: ((balances: readonly BareBalances[]) => void)[] = [];
writer.onerror = ({ message }) => {
  throw new Error(message);
};
writer.onmessage = ({ data }: MessageEvent<readonly BareBalances[]>) => replies.shift()!(data);
const ask = (message: ToBareWriter): Promise<readonly BareBalances[]> =>
  new Promise((resolve) => {
    replies.push(resolve);
    writer.postMessage(message);
  });
await ask({ open: join(dir, 'bare.db') });

const owners = new Map<string, Owner>();
const queue: Waiting[] = [];
let running = false;

setInterval(() => {
  if (!running && owners.size > 0) void run();
}, LOCK_EVERY_MS);

async function run(): Promise<void> {
  running = true;
  await Promise.resolve();
  do {
    const batch = queue.splice(0, BATCH_ORDERS_MAX);
    const balances = await ask({ orders: batch.map(({ order }) => order), at: Date.now() });
    batch.forEach(({ resolve }, index) => resolve(balances[index]!));
  } while (queue.length > 0);
  running = false;
}

async function answerTo(order: SignedTaps, { key, id: accountId, sessionId }: Owner): Promise<object> {
  const text = signedText(origin, sessionId, order);
  if (
    !(await crypto.subtle.verify(SCHEME, key, Buffer.from(order.signature, 'base64url'), Buffer.from(text)))
  )
    return { error: { code: 'bad_signature' } };
  const bets = order.taps.map(({ cell, stake, multiplier, revision }) => ({
    id: Bun.randomUUIDv7(),
    cell,
    stake,
    shown: multiplier,
    revision,
  }));
  const balances = await new Promise<BareBalances>((resolve) => {
    queue.push({
      order: { accountId, sessionId, nonce: order.nonce, text, signature: order.signature, bets },
      resolve,
    });
    if (!running) void run();
  });
  const results = bets.map(({ id, shown }, index) =>
    balances[index] === null
      ? { status: 'rejected', code: 'refused' }
      : { status: 'accepted', betId: id, multiplier: shown, lockAt: 0, balance: balances[index] },
  );
  return { replayed: false, results };
}

async function openAccount(publicKey: string): Promise<object> {
  const account = {
    id: Bun.randomUUIDv7(),
    sessionId: Bun.randomUUIDv7(),
    token: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
    publicKey,
  };
  const key = await crypto.subtle.importKey(
    'raw',
    Buffer.from(publicKey, 'base64url'),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['verify'],
  );
  await ask({ accounts: [account] });
  owners.set(account.token, { ...account, key });
  return { account: { id: account.id }, session: { id: account.sessionId }, token: account.token };
}

/** A grid of the real one's shape, on which every cell is on sale. */
function grid(): object {
  const [now, windowMs, rows] = [Date.now(), 10_000, 16];
  const first = Math.floor(now / windowMs) * windowMs;
  const columns = Array.from({ length: 25 }, (_, ahead) => ({
    start: first + ahead * windowMs,
    band: 1000,
    low: 7_600_000,
    locked: ahead < 2,
    multipliers: new Array(rows).fill(235),
  }));
  return { revision: 1, at: now, windowMs, stakes: [10_000], columns };
}

const ownerOf = (request: Request): Owner | undefined =>
  owners.get((request.headers.get('authorization') ?? '').slice('Bearer '.length));

Bun.serve<{ owner: Owner }>({
  port: Number(port),
  hostname: 'localhost',
  reusePort: false,
  routes: {
    '/readyz': new Response('ready'),
    '/api/v1/grid': () => Response.json(grid()),
    '/api/v1/practice': {
      POST: async (request: Request) =>
        Response.json(await openAccount(((await request.json()) as { publicKey: string }).publicKey), {
          status: 201,
        }),
    },
    '/api/v1/taps': {
      POST: async (request: Request) => {
        const owner = ownerOf(request);
        return owner
          ? Response.json(await answerTo((await request.json()) as SignedTaps, owner))
          : new Response(null, { status: 401 });
      },
    },
    '/api/v1/stream': (request: Request, server: Bun.Server<{ owner: Owner }>) => {
      const owner = ownerOf(request);
      return owner && server.upgrade(request, { data: { owner } })
        ? undefined
        : new Response(null, { status: 401 });
    },
  },
  websocket: {
    perMessageDeflate: false,
    async message(socket, message) {
      const order = JSON.parse(message as string) as SignedTaps;
      socket.send(
        JSON.stringify({ type: 'answer', nonce: order.nonce, ...(await answerTo(order, socket.data.owner)) }),
      );
    },
  },
});
process.on('SIGTERM', () => process.exit(0));
