import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { segmentKey } from '../../server/upkeep/archive/manifest.ts';
import { houseIn } from '../../test/simulation/archiving.ts';
import { S3Store } from '../../server/upkeep/backup/s3-store.ts';
import { OldBooks, violations } from '../../test/simulation/archived-books.ts';
import { startS3Gateway, type S3Gateway } from '../../test/stage/s3-gateway.ts';

const ROOT = join(import.meta.dir, '../..');
const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-archive-s3-'));
const books = new OldBooks(21, join(root, 'data'));
let gateway: S3Gateway;

beforeAll(async () => {
  gateway = await startS3Gateway(join(root, 's3'));
  // A Saturday, so that what follows three days later is of the next week.
  const days = Math.floor(Date.now() / DAY_MS) - 12;
  await books.make((days - ((days - 2) % 7)) * DAY_MS);
}, 180_000);
afterAll(async () => {
  await gateway?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function ran(...words: string[]): Promise<{ code: number; out: string; error: string }> {
  const { endpoint, bucket, prefix, keyId, secret } = gateway.options;
  const child = Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), 'archive', ...words], {
    cwd: ROOT,
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 180_000,
    env: {
      ...process.env,
      DATA_DIR: books.dataDir,
      ARCHIVE_SEGMENT_ROWS: '300',
      HISTORY_WEEKS: '1',
      BACKUP_S3_ENDPOINT: endpoint!,
      BACKUP_S3_BUCKET: bucket,
      BACKUP_S3_PREFIX: prefix,
      BACKUP_S3_KEY_ID: keyId,
      BACKUP_S3_SECRET: secret,
    },
  });
  const [out, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, error };
}

describe('the archive in a real bucket', () => {
  test('goes there and is verified, old weeks leave the disk, and come back from there', async () => {
    const before = books.seen(books.dataDir);
    const run = await ran('run');
    expect([run.code, run.error.includes('failed')]).toEqual([0, false]);
    expect(run.out).toContain('in s3://');
    expect(run.out).toMatch(/history\/\d{4}-W\d\d\.db was deleted from the disk/);
    const store = new S3Store(gateway.options);
    const keys = await store.list('archive/');
    expect(keys.length).toBeGreaterThan(3);
    expect((await ran('verify')).code).toBe(0);
    expect(violations(books.dataDir)).toEqual([]);
    const got = await ran('get', books.betIds[0]!);
    expect([got.code, got.out.includes(`"id":"${books.betIds[0]}"`)]).toEqual([0, true]);
    for (let number = 1; number <= keys.length / 2; number++)
      expect((await ran('restore', String(number))).code).toBe(0);
    expect(books.seen(books.dataDir)).toEqual(before);
    expect((await ran('run')).out).toContain('nothing was due');
    expect(await store.list('archive/')).toEqual(keys);
  }, 180_000);

  test('one byte that another hand changed in the bucket is found and named', async () => {
    const folder = join(gateway.folder, dirname(segmentKey(houseIn(books.dataDir), 1)));
    const path = join(folder, readdirSync(folder).sort()[1]!);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    const verified = await ran('verify');
    expect(verified.code).toBe(1);
    expect(verified.out).toContain(`segment 2: ${segmentKey(houseIn(books.dataDir), 2)} is not as written`);
  }, 180_000);
});
