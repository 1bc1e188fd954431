import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { inOrder, isWhole, listSnapshots } from '../../server/upkeep/backup/manifest.ts';
import { S3Store } from '../../server/upkeep/backup/s3-store.ts';
import { backup, bucketSettings, play, restore } from '../stage/house-commands.ts';
import { serving, startServer } from '../stage/server-process.ts';
import { startS3Gateway, type S3Gateway } from '../stage/s3-gateway.ts';

/** A bucket that is all that is left of a house, and another house that is let loose on it. */

const ROOT = join(import.meta.dir, '../..');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-house-bucket-'));
const dataDir = join(root, 'data');
let gateway: S3Gateway;
let bucket: S3Store;
let settings: Readonly<Record<string, string>>;
let real: Awaited<ReturnType<typeof play>>;
let realObjects: string[];

beforeAll(async () => {
  gateway = await startS3Gateway(join(root, 's3'));
  bucket = new S3Store(gateway.options);
  settings = { DATA_DIR: dataDir, ...bucketSettings(gateway) };
  real = await play(dataDir, 120);
  expect(await backup(settings, 'run')).toMatchObject({ code: 0 });
  realObjects = await bucket.list('');
}, 120_000);
afterAll(async () => {
  await gateway?.stop();
  rmSync(root, { recursive: true, force: true });
});

const housesIn = async (): Promise<string[]> =>
  [...new Set((await listSnapshots(bucket)).filter(isWhole).map(({ house }) => house!))].sort();

test('a fresh house in the folder of one that was deleted does not displace it in the bucket', async () => {
  rmSync(dataDir, { recursive: true });
  const fresh = await play(dataDir, 12, { seed: 2, traders: 1 });
  const { code, said } = await backup(settings, 'run');
  expect(code).toBe(1);
  expect(said).toContain(`s3://${gateway.options.bucket}/house-1/ holds house ${real.house}`);
  expect(said).toContain('(other_house)');
  expect(said).toContain(`These books are of house ${fresh.house}`);
  expect(await bucket.list('')).toEqual(realObjects);
  // What it has is safe on this machine meanwhile.
  expect(await listSnapshots(new DirectoryStore(join(dataDir, 'backups')))).toMatchObject([
    { house: fresh.house },
  ]);
  const to = join(root, 'restored');
  const restored = await restore(settings, '--from', 's3', '--to', to);
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining(`house ${real.house}`) });
  expect(await play(to, 0, { traders: 0, from: Date.now() })).toMatchObject({
    house: real.house,
    bets: real.bets,
  });
}, 60_000);

test('a first start beside a bucket with a house makes no books, one beside an empty bucket does', async () => {
  const folder = join(root, 'first');
  const started = await startServer({ ...settings, DATA_DIR: folder });
  expect(started).toMatchObject({
    code: 3,
    error: expect.stringContaining(`s3://${gateway.options.bucket}/house-1/ holds house ${real.house}`),
  });
  expect(existsSync(folder)).toBe(false);
  const empty = { DATA_DIR: folder, ...bucketSettings(gateway, 'not-yet-used/') };
  const server = await serving(empty);
  expect(await server.stop()).toBe(0);
  expect(await backup(empty, 'run')).toMatchObject({ code: 0 });
}, 60_000);

/** A tail that ships. */
function tailing(own: Readonly<Record<string, string>>) {
  const child = Bun.spawn([process.execPath, 'scripts/tapgrid.ts', 'backup', 'tail'], {
    cwd: ROOT,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    timeout: 60_000,
    env: { ...process.env, ...own },
  });
  let error = '';
  const read = (async () => {
    for await (const chunk of child.stderr) error += new TextDecoder().decode(chunk);
  })();
  return {
    said: () => error,
    until: async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
      while (child.exitCode === null && !(await isSo())) await Bun.sleep(50);
    },
    /** @returns its exit code. */
    stop: async (): Promise<number> => {
      child.kill('SIGTERM');
      await read;
      return child.exited;
    },
  };
}

test('the tail of another house ships into its folder and not into the bucket, until somebody adopts it', async () => {
  const folder = join(root, 'second');
  const own = { ...settings, DATA_DIR: folder };
  const second = await play(folder, 12, { seed: 3, traders: 1 });
  const tail = tailing(own);
  await tail.until(() => tail.said().includes('shipping every'));
  await play(folder, 12, { seed: 4, traders: 1, from: second.until + 1_000 });
  await tail.until(() =>
    tail.said().includes(`not sent, will retry: s3://${gateway.options.bucket}/house-1/ holds house`),
  );
  expect(await bucket.list('tail/')).toEqual([]);
  expect(await housesIn()).toEqual([real.house]);
  expect(await backup(own, 'run', '--adopt')).toMatchObject({
    code: 0,
    said: expect.stringContaining('ADOPTED'),
  });
  await tail.until(async () => (await bucket.list('tail/')).length > 0);
  expect(await tail.stop()).toBe(0);
  expect(await housesIn()).toEqual([real.house, second.house].sort());
  expect(await bucket.list('')).toEqual(expect.arrayContaining(realObjects));
  // The next run of the real one does not send or remove anything of the other.
  const theirs = (await bucket.list('')).filter((key) => !realObjects.includes(key));
  expect(await backup({ ...settings, DATA_DIR: join(root, 'restored') }, 'run')).toMatchObject({ code: 0 });
  expect(await bucket.list('')).toEqual(expect.arrayContaining(theirs));
}, 120_000);

test('an old machine of a house that went on elsewhere puts nothing of its own over what that has shipped', async () => {
  const prefix = bucketSettings(gateway, 'house-3/');
  const [here, there] = [join(root, 'here'), join(root, 'there')];
  const moved = await play(here, 20, { seed: 7 });
  expect(await backup({ DATA_DIR: here, ...prefix }, 'run')).toMatchObject({ code: 0 });
  expect(await restore(prefix, '--from', 's3', '--to', there)).toMatchObject({ code: 0 });
  await play(there, 20, { seed: 8, traders: 0, from: moved.until + 1_000 });
  expect(await backup({ DATA_DIR: there, ...prefix }, 'run')).toMatchObject({ code: 0 });
  const store = new S3Store({ ...gateway.options, prefix: 'house-3/' });
  const before = await store.list('');
  // Then somebody starts the old one again.
  await play(here, 10, { seed: 9, traders: 0, from: moved.until + 1_000 });
  const { code, error } = await backup({ DATA_DIR: here, ...prefix }, 'run');
  expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining('(books_behind)') });
  expect(error).toMatch(/house-3\/, where they would look like the newest state/);
  expect(await store.list('')).toEqual(before);
}, 60_000);

test('a house that moved to a machine with no backups goes on in the bucket: what it sends is the newest', async () => {
  const prefix = bucketSettings(gateway, 'house-4/');
  const [here, there] = [join(root, 'moving'), join(root, 'moved')];
  let until = 0;
  for (let count = 1; count <= 3; count++) {
    ({ until } = await play(here, 5, { seed: count, traders: 1, ...(until > 0 && { from: until + 1_000 }) }));
    expect(await backup({ DATA_DIR: here, ...prefix }, 'run', '--no-prune')).toMatchObject({ code: 0 });
  }
  expect(await restore(prefix, '--from', 's3', '--to', there)).toMatchObject({ code: 0 });
  const later = await play(there, 5, { seed: 4, traders: 1, from: until + 1_000 });
  expect(await backup({ DATA_DIR: there, ...prefix }, 'run')).toMatchObject({ code: 0 });
  const again = join(root, 'again');
  expect(await restore(prefix, '--from', 's3', '--to', again)).toMatchObject({ code: 0 });
  const { batch } = await play(again, 0, { traders: 0, from: Date.now() });
  expect(batch).toBeGreaterThanOrEqual(later.batch);
  // While the bucket cannot be asked, a new folder is counted from where nothing was ever counted to.
  const away = { ...prefix, BACKUP_S3_ENDPOINT: 'http://127.0.0.1:1', BACKUP_DIR: join(root, 'elsewhere') };
  expect(await backup({ DATA_DIR: again, ...away }, 'run')).toMatchObject({ code: 3 });
  expect(
    await backup({ DATA_DIR: again, ...prefix, BACKUP_DIR: join(root, 'elsewhere') }, 'run', '--no-prune'),
  ).toMatchObject({ code: 0 });
  const bucketOfIt = new S3Store({ ...gateway.options, prefix: 'house-4/' });
  const numbers = inOrder((await listSnapshots(bucketOfIt)).filter(isWhole)).map(({ number }) => number!);
  expect(numbers.at(-1)).toBeGreaterThan(1_000_000);
}, 120_000);

test('a tail brings the snapshot from which it goes on, so that what it ships can be restored', async () => {
  const folder = join(root, 'tail-alone');
  const own = { DATA_DIR: folder, ...bucketSettings(gateway, 'house-5/') };
  const first = await play(folder, 12, { seed: 5, traders: 1 });
  const tail = tailing(own);
  await tail.until(() => tail.said().includes('shipping every'));
  const later = await play(folder, 12, { seed: 6, traders: 1, from: first.until + 1_000 });
  expect(await tail.stop()).toBe(0);
  const to = join(root, 'tail-restored');
  expect(await restore(own, '--from', 's3', '--to', to)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`batch ${later.batch}\n`),
  });
}, 60_000);

test('two houses that share a folder send each its own', async () => {
  const shared = join(root, 'shared');
  const other = join(root, 'other');
  cpSync(join(root, 'second'), other, { recursive: true });
  const prefix = bucketSettings(gateway, 'house-2/');
  expect(
    await backup({ DATA_DIR: join(root, 'restored'), BACKUP_DIR: shared }, 'run', '--no-prune'),
  ).toMatchObject({ code: 0 });
  expect(await backup({ DATA_DIR: other, BACKUP_DIR: shared, ...prefix }, 'run', '--adopt')).toMatchObject({
    code: 0,
  });
  const sent = (await listSnapshots(new S3Store({ ...gateway.options, prefix: 'house-2/' }))).filter(isWhole);
  expect(new Set(sent.map(({ house }) => house))).not.toContain(real.house);
  expect(sent).toHaveLength(1);
}, 60_000);
