import { RedisClient } from 'bun';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/stage/free-port.ts';

/** A real Redis with the real file; only port, folder and the size are others. */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-redis-'));
const port = freePort();
let redis: Bun.Subprocess;
let client: RedisClient;

beforeAll(async () => {
  writeFileSync(
    join(folder, 'tapgrid.acl'),
    (await Bun.file(join(import.meta.dir, 'tapgrid.acl')).text()).replace('@PASSWORD@', 's3cret'),
  );
  redis = Bun.spawn(
    [
      'redis-server',
      join(import.meta.dir, 'redis.conf'),
      '--port',
      `${port}`,
      '--dir',
      folder,
      '--aclfile',
      join(folder, 'tapgrid.acl'),
      '--maxmemory',
      '4mb',
      '--logfile',
      join(folder, 'redis.log'),
    ],
    { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
  );
  client = new RedisClient(`redis://tapgrid:s3cret@127.0.0.1:${port}`);
  for (let tries = 0; ; tries++) {
    const answer = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).then(
      (socket) => (socket.end(), true),
      () => false,
    );
    if (answer) break;
    if (tries > 1_200) throw new Error(await Bun.file(join(folder, 'redis.log')).text());
    await Bun.sleep(50);
  }
});
afterAll(async () => {
  client.close();
  redis.kill('SIGTERM');
  await redis.exited;
  rmSync(folder, { recursive: true, force: true });
});

const send = (...words: string[]): Promise<unknown> =>
  client.send(words[0]!, words.slice(1)).catch((error: Error) => `refused: ${error.message}`);

describe('who may do what', () => {
  test.each([
    ['nobody', `redis://127.0.0.1:${port}`],
    ['a wrong password', `redis://tapgrid:wrong@127.0.0.1:${port}`],
  ])('%s: nothing', async (_, url) => {
    const stranger = new RedisClient(url, { autoReconnect: false });
    expect(
      await stranger.send('GET', ['a']).then(
        () => 'answered',
        () => 'refused',
      ),
    ).toBe('refused');
    stranger.close();
  });

  test.each([
    ['FLUSHALL'],
    ['CONFIG', 'SET', 'maxmemory', '0'],
    ['SHUTDOWN'],
    ['KEYS', '*'],
    ['ACL', 'LIST'],
    ['MODULE', 'LIST'],
    ['REPLICAOF', '203.0.113.1', '6379'],
  ] as string[][])('the server itself may not %s %s', async (...words: string[]) =>
    expect(await send(...words)).toMatch(/^refused: .*(NOPERM|permission)/i),
  );

  test.each([
    ['SET', 'nonce', '1', 'NX', 'EX', '90'],
    ['PUBLISH', 'ticks', 'x'],
    ['XADD', 'bets', '*', 'a', 'b'],
    ['INFO', 'memory'],
    ['PING'],
    ['EVAL', 'return 1', '0'],
  ] as string[][])('it may %s', async (...words: string[]) =>
    expect(String(await send(...words))).not.toMatch(/^refused/),
  );
});

test('what a restart forgets is never written to disk', async () => {
  expect(String(await send('INFO', 'persistence'))).toMatch(
    /rdb_changes_since_last_save:\d+[\s\S]*aof_enabled:0/,
  );
  expect(await Array.fromAsync(new Bun.Glob('*.{rdb,aof}').scan(folder))).toEqual([]);
});

test('full, it refuses to write, forgets nothing, still reads, deletes and publishes; with room it writes again', async () => {
  const value = 'x'.repeat(10_000);
  let written = 0;
  let refusal: unknown = 'OK';
  for (; written < 2000; written++) {
    refusal = await send('SET', `key:${written}`, value, 'EX', '90');
    if (refusal !== 'OK') break;
  }
  expect(String(refusal)).toContain('OOM');
  expect(written).toBeGreaterThan(50);
  const kept = await Promise.all(
    Array.from({ length: written }, (_, index) => send('EXISTS', `key:${index}`)),
  );
  expect(kept.every((one) => one === 1)).toBe(true);
  expect(String(await send('INFO', 'stats'))).toContain('evicted_keys:0');
  expect([
    await send('GET', 'key:0'),
    await send('PUBLISH', 'ticks', 'x'),
    await send('EXPIRE', 'key:0', '80'),
  ]).toEqual([value, 0, 1]);
  for (let index = 0; index < 20; index++) expect(await send('DEL', `key:${index}`)).toBe(1);
  expect(await send('SET', 'nonce:2', '1', 'NX', 'EX', '90')).toBe('OK');
});
