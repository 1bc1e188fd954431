import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { listSnapshots, type Manifest } from '../../server/upkeep/backup/manifest.ts';
import { S3Store } from '../../server/upkeep/backup/s3-store.ts';
import { World } from '../../test/simulation/world.ts';
import { startS3Gateway, type S3Gateway } from '../../test/stage/s3-gateway.ts';

const ROOT = join(import.meta.dir, '../..');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-s3-'));
const dataDir = join(root, 'data');
let gateway: S3Gateway;
let store: S3Store;

beforeAll(async () => {
  gateway = await startS3Gateway(join(root, 's3'));
  store = new S3Store(gateway.options);
  const world = new World(3, dataDir);
  await world.open();
  for (let n = 0; n < 4; n++) await world.addTrader();
  for (let step = 0; step < 300; step++) {
    await world.tick();
    await world.order();
  }
  await world.store.close();
}, 180_000);
afterAll(async () => {
  await gateway?.stop();
  rmSync(root, { recursive: true, force: true });
});

function start(...words: string[]): Bun.Subprocess<'ignore', 'pipe', 'pipe'> {
  const { endpoint, bucket, prefix, keyId, secret } = gateway.options;
  return Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), ...words], {
    cwd: ROOT,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 180_000,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      BACKUP_S3_ENDPOINT: endpoint!,
      BACKUP_S3_BUCKET: bucket,
      BACKUP_S3_PREFIX: prefix,
      BACKUP_S3_KEY_ID: keyId,
      BACKUP_S3_SECRET: secret,
    },
  });
}

async function ran(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const child = start(...words);
  const [out, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, error };
}
/** Ships until that is so, and is told to end then. */
async function shipped(
  isDone: (error: string) => boolean | Promise<boolean>,
): Promise<{ code: number; out: string; error: string }> {
  const child = start('backup', 'tail');
  const out = new Response(child.stdout).text();
  let error = '';
  const read = (async () => {
    for await (const chunk of child.stderr) error += new TextDecoder().decode(chunk);
  })();
  while (child.exitCode === null && !(await isDone(error))) await Bun.sleep(100);
  child.kill('SIGTERM');
  await read;
  return { code: await child.exited, out: await out, error };
}
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('objects of a bucket', () => {
  test('are written once: the same bytes again are well, others are not, and the first stay', async () => {
    await store.put('once/a', Buffer.from('first'));
    await store.put('once/a', Buffer.from('first'));
    expect(await failure(store.put('once/a', Buffer.from('other')))).toContain('object_differs');
    expect(Buffer.from(await store.get('once/a')).toString()).toBe('first');
    await store.remove('once/a');
    await store.remove('once/a');
    expect(await failure(store.get('once/a'))).toContain('object_missing');
  });

  test('are listed beyond one page, in order', async () => {
    const keys = Array.from({ length: 1_050 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map((key) => store.put(key, Buffer.from(key))));
    expect(await store.list('many/')).toEqual(keys);
  }, 180_000);

  test('the server refuses a body that does not have its checksum, and a second one under If-None-Match', async () => {
    const { endpoint, region, bucket, keyId, secret } = gateway.options;
    const client = new S3Client({
      endpoint: endpoint!,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId: keyId, secretAccessKey: secret },
    });
    const put = (Body: string, more: object) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: 'checked', Body, ...more })).then(
        () => 200,
        (error) => error.$metadata?.httpStatusCode,
      );
    expect(
      await put('body', {
        ChecksumSHA256: new Bun.CryptoHasher('sha256').update('another').digest('base64'),
      }),
    ).toBe(400);
    expect(await put('body', { IfNoneMatch: '*' })).toBe(200);
    expect(await put('body', { IfNoneMatch: '*' })).toBe(412);
  });
});

describe('backups in a bucket', () => {
  test('go there, are read back, and bring the ledger back to where this machine had it', async () => {
    expect(await ran('backup', 'run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('sent to s3://'),
    });
    expect(await shipped(async () => (await store.list('tail/')).length > 0)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/segments? shipped/),
    });
    expect(await ran('backup', 'status')).toMatchObject({ code: 0 });
    expect(await ran('backup', 'verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('s3://'),
    });
    const there = join(root, 'restored');
    expect(await ran('restore', '--from', 's3', '--to', there)).toMatchObject({
      code: 0,
      out: expect.stringContaining('verified'),
    });
    expect(existsSync(join(there, DATABASE_FILE))).toBe(true);
  }, 180_000);

  test('what a run could not send is sent by the next', async () => {
    for (const key of await store.list('snapshots/')) await store.remove(key);
    expect(await ran('backup', 'run')).toMatchObject({ code: 0 });
    expect(await listSnapshots(store)).toHaveLength(
      readdirSync(join(dataDir, 'backups', 'snapshots')).length,
    );
  }, 180_000);

  test('one changed byte in the bucket is refused and named', async () => {
    const newest = (await listSnapshots(store)).at(-1) as Manifest;
    const { key } = newest.parts[0]!;
    const path = join(gateway.folder, key);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    const there = join(root, 'refused');
    const { code, error } = await ran('restore', '--from', 's3', '--to', there);
    expect([code, error.includes(key)], error).toEqual([1, true]);
    expect(existsSync(join(there, DATABASE_FILE))).toBe(false);
    expect(await ran('backup', 'verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining(`ERROR: ${key}`),
    });
  }, 180_000);

  test('a bucket that cannot be reached leaves the backup here and code 3', async () => {
    await gateway.stop();
    const { code, error } = await ran('backup', 'run');
    expect([code, error.includes('backup run failed'), error.includes('(not_reached)')]).toEqual([
      3,
      true,
      true,
    ]);
    expect(await shipped((said) => said.includes('will retry'))).toMatchObject({
      code: 0,
      error: expect.stringContaining('will retry'),
    });
  }, 180_000);
});
