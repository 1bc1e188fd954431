import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CuttingProxy } from '../stage/redis-cutting-proxy.ts';
import { RealRedis } from '../stage/redis-real-server.ts';
import { audit } from './audit.ts';
import { readJournal } from './journal.ts';
import { databaseOf, journalOf, lookAt, MAX_GAP_MS, ready, startClient, startServer } from './processes.ts';
import { Repeater } from './repeater.ts';
import { freePort } from '../stage/free-port.ts';

const there = Bun.which('redis-server') !== null;
const dir = mkdtempSync(join(tmpdir(), 'tapgrid-redis-faults-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const port = freePort();
const origin = `http://localhost:${port}`;
const accepted = (): number =>
  existsSync(journalOf(dir))
    ? readJournal(journalOf(dir)).reduce(
        (sum, line) =>
          sum +
          (line.kind === 'answer'
            ? (line.results ?? []).filter(({ status }) => status === 'accepted').length
            : 0),
        0,
      )
    : 0;
const health = async (of = dir) =>
  (await (await lookAt(of, '/healthz')).json()) as {
    state: string;
    causes: { cause: string; detail: string }[];
  };
const away = async () => (await health()).causes.find(({ cause }) => cause === 'redis_away')?.detail ?? null;

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 2_400; tries++) {
    if (await holds()) return;
    await Bun.sleep(50);
  }
  throw new Error(`never happened: ${what}`);
}

interface Fault {
  readonly name: string;
  /** What the operator reads meanwhile; null where Redis answers all the time. */
  readonly why: RegExp | null;
  readonly begin: (redis: RealRedis, proxy: CuttingProxy) => void | Promise<void>;
  readonly end: (redis: RealRedis, proxy: CuttingProxy) => void | Promise<void>;
}

const FAULTS: readonly Fault[] = [
  { name: 'nothing', why: null, begin: () => {}, end: () => {} },
  { name: 'killed', why: /not connected/, begin: (redis) => redis.kill(), end: (redis) => redis.begin() },
  { name: 'frozen', why: /no answer/, begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
  {
    name: 'full',
    why: /full/,
    begin: (redis) => void redis.send('CONFIG', 'SET', 'maxmemory', '1'),
    end: (redis) => void redis.send('CONFIG', 'SET', 'maxmemory', '0'),
  },
  { name: 'emptied', why: null, begin: (redis) => void redis.send('FLUSHALL'), end: () => {} },
  {
    name: 'forgotten by a firewall',
    why: /no answer/,
    begin: (_, proxy) => proxy.forgetLines(),
    end: () => {},
  },
  {
    name: 'cut in the middle of answers',
    why: null,
    begin: (_, proxy) => proxy.cutAfter(150),
    end: (_, proxy) => proxy.cutAfter(333),
  },
];

test.skipIf(!there)(
  `with a Redis that is killed, frozen, full, emptied and cut off, one process takes bets, closes them and repeats none${there ? '' : ': left out, redis-server is not installed'}`,
  async () => {
    const redis = await RealRedis.start();
    const proxy = new CuttingProxy(redis.port);
    const start = () =>
      startServer({ dir, port, seed: 11, env: { REDIS_URL: proxy.url, COLUMNS_AHEAD: '4' } });
    let server = start();
    const children = [server];
    try {
      await ready(port, server);
      await until(async () => (await away()) === null, 'Redis');
      const client = startClient(dir, port, 3);
      children.push(client);
      const repeater = await Repeater.open(origin);
      const leaver = await Repeater.open(origin);
      const orders: Awaited<ReturnType<Repeater['place']>>[] = [];
      const repeatAll = async () => {
        for (const { order, betId } of orders) {
          expect(await repeater.send(order)).toEqual({
            status: 200,
            replayed: true,
            betIds: [betId],
            code: null,
          });
          expect((await repeater.send(await repeater.changed(order))).code).toBe('nonce_reused');
        }
      };
      for (const { name, why, begin, end } of FAULTS) {
        const before = accepted();
        orders.push(await repeater.place());
        await begin(redis, proxy);
        if (why !== null) await until(async () => why.test((await away()) ?? ''), `${name}: ${why}`);
        orders.push(await repeater.place());
        await until(() => accepted() > before + 10, `bets while it is ${name}`);
        // A commit that the machine holds up opens it for a moment.
        await until(async () => (await health()).state !== 'open', `not open while it is ${name}`);
        await repeatAll();
        if (name === 'frozen') expect(await leaver.signOut()).toBe(204);
        await end(redis, proxy);
        await until(async () => (await away()) === null, `back after it was ${name}`);
        await repeatAll();
      }
      await expect(leaver.place()).rejects.toThrow('no order was taken');

      // Neither the process nor Redis remembers: the ledger does.
      client.kill('SIGTERM');
      await client.exited;
      server.kill('SIGKILL');
      await server.exited;
      redis.send('FLUSHALL');
      server = start();
      children.push(server);
      await ready(port, server);
      await repeatAll();

      await until(() => {
        const { bets, closed } = audit(databaseOf(dir), readJournal(journalOf(dir)), MAX_GAP_MS);
        return bets > 0 && closed === bets;
      }, 'every bet to be closed');
      const heard = new Set(orders.map(({ betId }) => betId));
      const found = audit(databaseOf(dir), readJournal(journalOf(dir)), MAX_GAP_MS);
      expect([found.faults, found.unanswered, heard.size]).toEqual([[], 0, orders.length]);
      expect(found.bets).toBe(found.acknowledged + orders.length);
      server.kill('SIGTERM');
      expect(await server.exited).toBe(0);
    } finally {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
      proxy.stop();
      await redis.stop();
    }
  },
  400_000,
);

describe.skipIf(!there)('a start', () => {
  test.each([
    ['without a Redis that answers', 'redis://127.0.0.1:1'],
    ['with a wrong password', `redis://nobody:s3cret@127.0.0.1`],
  ])(
    '%s is degraded and takes bets',
    async (_, url) => {
      const redis = url.endsWith('127.0.0.1') ? await RealRedis.start() : null;
      const own = freePort();
      const folder = mkdtempSync(join(dir, 'start-'));
      const server = startServer({
        dir: folder,
        port: own,
        seed: 12,
        env: { REDIS_URL: redis === null ? url : `${url}:${redis.port}` },
      });
      try {
        await ready(own, server);
        await until(async () => {
          const { state, causes } = await health(folder);
          return state === 'degraded' && causes.some(({ cause }) => cause === 'redis_away');
        }, 'degraded without Redis');
        expect((await (await Repeater.open(`http://localhost:${own}`)).place()).betId).toBeString();
      } finally {
        server.kill('SIGKILL');
        await server.exited;
        await redis?.stop();
      }
    },
    180_000,
  );
});
