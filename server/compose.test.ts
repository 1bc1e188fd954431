import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Replica } from '../test/exchange-replica/replica.ts';
import type { HalfStart } from '../test/stage/half-started-house.ts';
import { RealRedis } from '../test/stage/redis-real-server.ts';

const PROGRAM = join(import.meta.dir, '../test/stage/half-started-house.ts');
/** What each needs of those before it while it is closed: there may be others in between. */
const IN_ORDER: readonly string[] = [
  'books',
  'lines to Redis',
  'feed',
  'order log',
  'head notes',
  'engine',
  'hub',
  'command socket',
  'operations',
  'archive socket',
  'app',
  'ticker',
  'visitors',
];
const IN_TIME_MS = 60_000;
const there = Bun.which('redis-server') !== null;

describe.skipIf(!there)(`a start${there ? '' : ': left out, redis-server is not installed'}`, () => {
  let starts: readonly HalfStart[] = [];
  let redis: RealRedis;
  const exchanges = new Replica();
  let ended: number | null = null;

  beforeAll(async () => {
    redis = await RealRedis.start();
    const urls = Object.entries(exchanges.urls).map(([venue, url]) => `${venue}=${url}`);
    const child = Bun.spawn([process.execPath, PROGRAM, redis.url, urls.join(',')], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
      timeout: IN_TIME_MS,
    });
    const lines = (await new Response(child.stdout).text()).trimEnd().split('\n');
    ended = await child.exited;
    starts = lines.map((line) => JSON.parse(line) as HalfStart);
  }, IN_TIME_MS + 10_000);
  afterAll(async () => {
    await redis.stop();
    await exchanges.stop();
  });

  test('opens what it opens in order, and a stop closes all of it the other way round', () => {
    const [{ failedBehind, opened, closed }] = starts as [HalfStart];
    expect(failedBehind).toBeNull();
    const order = opened.filter((part) => IN_ORDER.includes(part));
    expect(order).toEqual([...IN_ORDER]);
    expect([opened[0], opened.at(-1)]).toEqual(['books', 'visitors']);
    expect(closed).toEqual(opened.toReversed());
  });

  test('that fails behind any part closes what was opened before, the other way round, and opens nothing more', () => {
    const [whole, ...failed] = starts as [HalfStart, ...HalfStart[]];
    expect(failed.map(({ failedBehind }) => failedBehind)).toEqual([...whole.opened]);
    failed.forEach(({ opened, closed }, index) => {
      expect(opened).toEqual(whole.opened.slice(0, index + 1));
      expect(closed).toEqual(opened.toReversed());
    });
  });

  test('leaves no file, socket, timer or worker behind, however far it came', () =>
    expect(starts.flatMap(({ failedBehind, left }) => left.map((one) => [failedBehind, one]))).toEqual([]));

  test('leaves nothing that keeps the process', () => expect(ended).toBe(0));
});
