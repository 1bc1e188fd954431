import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AccountIndex } from '../../server/store/archive/account-index.ts';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import { manifestKeyOf, segmentKey } from '../../server/upkeep/archive/manifest.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { archive, houseIn } from '../../test/simulation/archiving.ts';
import { databaseOf, OldBooks } from '../../test/simulation/archived-books.ts';
import { startFaultyS3, type FaultyS3 } from '../../test/stage/faulty-s3.ts';

const ROOT = join(import.meta.dir, '../..');
const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-places-'));
const books = new OldBooks(31, join(root, 'original'));
beforeAll(() => books.make(Date.now() - 30 * DAY_MS), 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function ran(
  env: Record<string, string>,
  ...words: string[]
): Promise<{ code: number; out: string; error: string }> {
  const child = Bun.spawn([process.execPath, join(ROOT, 'scripts/tapgrid.ts'), ...words], {
    cwd: ROOT,
    env: { ...process.env, BACKUP_S3_BUCKET: '', ARCHIVE_SEGMENT_ROWS: '100000', HISTORY_WEEKS: '1', ...env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 60_000,
  });
  const [out, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, error };
}
const run = (env: Record<string, string>, ...words: string[]) => ran(env, 'archive', ...words);
const weeks = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 'history'))
    .filter((name) => /^\d{4}-W/.test(name) && name.endsWith('.db'))
    .sort();
let copies = 0;
const copy = (): string => {
  const dataDir = join(root, `data-${copies++}`);
  books.copyTo(dataDir);
  return dataDir;
};

describe('where archived bets are', () => {
  test('without another place they are twice on the disk of the books, and no week leaves it', async () => {
    const env = { DATA_DIR: copy() };
    const first = await run(env, 'run');
    expect([first.code, first.out]).toEqual([0, expect.stringContaining('weeks stay on this disk for ever')]);
    expect(first.out).not.toContain('was deleted from the disk');
    expect(weeks(env.DATA_DIR).length).toBeGreaterThan(1);
    expect((await run(env, 'status')).out).toMatch(
      /places: (\d+) segments: \1 in DATA_DIR\/history, \1 in .*\/archive, on the same disk as the books: both are lost together/,
    );
  }, 120_000);

  test('with BACKUP_DIR they go there, those of before too, old weeks leave, and doctor says where all are', async () => {
    const dataDir = copy();
    await run({ DATA_DIR: dataDir }, 'run');
    const before = weeks(dataDir);
    const env = { DATA_DIR: dataDir, BACKUP_DIR: join(root, 'backups') };
    const second = await run(env, 'run');
    expect([second.code, second.out]).toEqual([0, expect.stringContaining('was deleted from the disk')]);
    expect(weeks(dataDir)).toEqual(before.slice(-1));
    const objects = readdirSync(join(env.BACKUP_DIR, dirname(segmentKey(houseIn(dataDir), 1)))).sort();
    expect(objects).toEqual(readdirSync(join(dataDir, dirname(segmentKey(houseIn(dataDir), 1)))).sort());
    const count = objects.length;
    const where = `${count} segments: 1 in DATA_DIR/history, ${count} in ${env.BACKUP_DIR}/archive`;
    expect((await ran(env, 'doctor')).out).toContain(where);
    rmSync(join(env.BACKUP_DIR, segmentKey(houseIn(dataDir), 1)));
    rmSync(join(env.BACKUP_DIR, segmentKey(houseIn(dataDir), objects.length)));
    const status = await run(env, 'status');
    expect([status.code, status.out]).toEqual([
      1,
      expect.stringContaining(`segments 1 are missing in every place`),
    ]);
    expect(status.out).toContain(`segments ${objects.length} are only on this disk`);
    expect((await ran(env, 'doctor')).out).toMatch(
      /WRONG {2}history .*segments 1 are missing in every place/,
    );
    // What lies under the settings of before is carried over again.
    expect((await run(env, 'run')).code).toBe(0);
    expect((await run(env, 'status')).code).toBe(0);
  }, 120_000);
});

describe('nothing is deleted from the books while one place alone has it', () => {
  class Killed extends Error {}
  test.each(['store', 'week'])(
    'after a run that died behind its seal, and the %s was lost',
    async (lost) => {
      const dataDir = copy();
      const ledger = books.open(dataDir);
      const source = new SqliteArchiveSource(databaseOf(dataDir));
      try {
        const died = archive({
          dataDir,
          ledger,
          now: books.now,
          reached: (step) => {
            if (step === 'sealed') throw new Killed();
          },
        });
        expect(
          await died.then(
            () => null,
            (error: unknown) => error,
          ),
        ).toBeInstanceOf(Killed);
        const { rows } = source.liveBooks();
        const number = source.newest()!.number;
        const paths =
          lost === 'store'
            ? [join(dataDir, segmentKey(houseIn(dataDir), number))]
            : weeks(dataDir).map((name) => join(dataDir, 'history', name));
        for (const path of paths) renameSync(path, `${path}.away`);
        const refused = await archive({ dataDir, ledger, now: books.now }).then(
          () => null,
          (error: Error) => error,
        );
        expect([refused?.name, refused?.message]).toEqual([
          'archive_stopped',
          expect.stringMatching(
            new RegExp(
              `^nothing is deleted from the books: .*segment ${number}|^nothing is ` +
                `deleted.*${segmentKey(houseIn(dataDir), number)}`,
            ),
          ),
        ]);
        expect(source.liveBooks().rows).toEqual(rows);
        for (const path of paths) renameSync(`${path}.away`, path);
        expect((await archive({ dataDir, ledger, now: books.now })).deleted.bets).toBeGreaterThan(0);
      } finally {
        source.close();
        await ledger.close();
      }
    },
    120_000,
  );
});

describe('tapgrid archive fetch', () => {
  let s3: FaultyS3;
  beforeAll(async () => {
    s3 = await startFaultyS3();
  });
  afterAll(() => s3.stop());

  test('reads a bucket, says what is wrong there, shows nothing of it, and takes another place where that ' +
    'is whole', async () => {
    const { endpoint, bucket, prefix, keyId, secret } = s3.options;
    const bucketed = {
      BACKUP_S3_ENDPOINT: endpoint!,
      BACKUP_S3_BUCKET: bucket,
      BACKUP_S3_PREFIX: prefix,
      BACKUP_S3_KEY_ID: keyId,
      BACKUP_S3_SECRET: secret,
    };
    const env = { DATA_DIR: copy(), ...bucketed };
    expect(await run(env, 'run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('was deleted from the disk'),
    });
    const fetched = join(env.DATA_DIR, 'history/fetched/00000001.db');
    const first = segmentKey(houseIn(env.DATA_DIR), 1);
    s3.fault = ({ method, key }) => (method === 'GET' && key === first ? 'wrong' : null);
    expect(await run(env, 'fetch', '1')).toMatchObject({
      code: 1,
      error: expect.stringMatching(
        /segment 1 cannot be read: s3:.*archive\/\w+\/segments\/00000001.jsonl.zst is not as written/,
      ),
    });
    expect(existsSync(fetched)).toBe(false);
    const manifest = s3.objects.get(manifestKeyOf(first))!;
    s3.fault = () => null;
    s3.objects.set(
      manifestKeyOf(first),
      Buffer.from(`${JSON.stringify({ ...JSON.parse(Buffer.from(manifest).toString()), at: 1 }, null, 2)}\n`),
    );
    expect(await run(env, 'fetch', '1')).toMatchObject({
      code: 1,
      error: expect.stringContaining('its manifest is not the one named in the books'),
    });
    expect(existsSync(fetched)).toBe(false);
    s3.objects.set(manifestKeyOf(first), manifest);
    s3.fault = ({ method, key }) => (method === 'GET' && key === first ? 'wrong' : null);
    const other = { ...env, BACKUP_DIR: join(root, 'whole') };
    for (const [key, bytes] of s3.objects) await new DirectoryStore(other.BACKUP_DIR).put(key, bytes);
    expect(await run(other, 'fetch', '1')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`segment 1 from ${other.BACKUP_DIR}`),
    });
    rmSync(fetched);
    s3.fault = () => null;
    expect(await run(env, 'fetch', '1')).toMatchObject({
      code: 0,
      out: expect.stringContaining('segment 1 from s3:'),
    });
    expect(existsSync(fetched)).toBe(true);
    expect((await run(env, 'fetch', '99')).code).toBe(1);
  }, 120_000);

  test('an index of accounts that was lost is made again by the next run', async () => {
    const env = { DATA_DIR: copy(), BACKUP_DIR: join(root, 'indexed') };
    await run(env, 'run');
    const index = join(env.DATA_DIR, 'history/accounts.db');
    expect(existsSync(index)).toBe(true);
    rmSync(index);
    expect((await run(env, 'run')).code).toBe(0);
    const found = new AccountIndex(env.DATA_DIR);
    expect(found.ofAccount(books.account).length).toBeGreaterThan(1);
    found.close();
  }, 120_000);
});
