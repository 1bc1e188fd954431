import { afterAll, expect, test } from 'bun:test';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { isWhole, listSnapshots } from '../../server/upkeep/backup/manifest.ts';
import { listSegments } from '../../server/upkeep/backup/segment.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import { backup, play, restore } from '../../test/stage/house-commands.ts';
import { diagnose } from '../doctor/doctor.ts';

/** Tails whose folder, or whose books, are not what they were. */

const ROOT = join(import.meta.dir, '../..');
const root = mkdtempSync(join(tmpdir(), 'tapgrid-tail-place-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Place {
  readonly dataDir: string;
  readonly backupDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly store: DirectoryStore;
}

function place(name: string): Place {
  const [dataDir, backupDir] = [join(root, name, 'data'), join(root, name, 'backups')];
  mkdirSync(backupDir, { recursive: true, mode: 0o700 });
  const env = { DATA_DIR: dataDir, BACKUP_DIR: backupDir };
  return { dataDir, backupDir, env, store: new DirectoryStore(backupDir) };
}

/** A tail as a process of its own; `until` waits while it runs. */
function startTail({ env }: Place) {
  const child = Bun.spawn([process.execPath, 'scripts/tapgrid.ts', 'backup', 'tail'], {
    cwd: ROOT,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
    timeout: 90_000,
    env: { ...process.env, ...env },
  });
  return {
    async until(isSo: () => Promise<boolean>): Promise<void> {
      while (child.exitCode === null && !(await isSo())) await Bun.sleep(50);
      expect(child.exitCode).toBeNull();
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      expect(await child.exited).toBe(0);
    },
  };
}

/** The last batch that the newest tail leads to. */
const shippedTo = async ({ store }: Place): Promise<number> =>
  Math.max(0, ...(await listSegments(store)).map(({ toBatch }) => toBatch));

const snapshots = async ({ store }: Place) => (await listSnapshots(store)).filter(isWhole);

async function restoredTo({ env, backupDir }: Place, ...options: string[]): Promise<string> {
  const to = join(root, `restored-${Bun.randomUUIDv7()}`);
  const { code, said } = await restore(env, '--from', backupDir, '--to', to, ...options);
  return code === 0 ? /^as of .*, batch (\d+)$/m.exec(said)![1]! : said;
}

test('another disk over the folder for a while makes no hole: what was shipped there is shipped again', async () => {
  const here = place('mounted');
  let { until: at } = await play(here.dataDir, 10);
  const tail = startTail(here);
  const playOn = async (seed: number): Promise<number> => {
    const { batch, until } = await play(here.dataDir, 6, { seed, from: at + 1_000, traders: 0 });
    at = until;
    await tail.until(async () => (await shippedTo(here)) >= batch);
    return batch;
  };
  await tail.until(async () => (await snapshots(here)).length > 0);
  await playOn(2);
  const aside = join(root, 'mounted', 'aside');
  renameSync(here.backupDir, aside);
  mkdirSync(here.backupDir, { mode: 0o700 });
  await playOn(3);
  // There as well nothing lies that could not be restored.
  expect(await restoredTo(here)).toBe(String(await shippedTo(here)));
  rmSync(here.backupDir, { recursive: true });
  renameSync(aside, here.backupDir);
  const last = await playOn(4);
  await tail.stop();
  expect(await restoredTo(here)).toBe(String(last));
  expect(await backup(here.env, 'verify')).toMatchObject({ code: 0 });
}, 120_000);

test('a hole that is there is named by status and doctor, and the next start of the tail closes it', async () => {
  const here = place('hole');
  let { until: at } = await play(here.dataDir, 10);
  let tail = startTail(here);
  let batch = 0;
  const playOn = async (seed: number): Promise<void> => {
    ({ batch, until: at } = await play(here.dataDir, 6, { seed, from: at + 1_000, traders: 0 }));
    await tail.until(async () => (await shippedTo(here)) >= batch);
  };
  await tail.until(async () => (await snapshots(here)).length > 0);
  for (const seed of [2, 3, 4]) await playOn(seed);
  await tail.stop();
  const segments = await listSegments(here.store);
  const missing = segments.at(-2)!;
  await here.store.remove(missing.key);
  const named = `segment ${missing.number} of the tail ${missing.tail} is missing`;
  expect(await backup(here.env, 'status')).toMatchObject({ code: 1, said: expect.stringContaining(named) });
  const diagnosed = async () =>
    (await diagnose({ ...process.env, ...here.env })).filter(({ name }) => name === 'tail');
  expect(await diagnosed()).toMatchObject([{ state: 'wrong', says: expect.stringContaining(named) }]);
  expect(await restoredTo(here)).toContain(named);
  tail = startTail(here);
  await tail.until(async () => (await snapshots(here)).length > 1);
  await playOn(5);
  await tail.stop();
  expect(await restoredTo(here)).toBe(String(batch));
  expect(await diagnosed()).toEqual([]);
  // A closed hole calls for no further snapshot.
  const taken = (await snapshots(here)).length;
  tail = startTail(here);
  await playOn(6);
  await tail.stop();
  expect((await snapshots(here)).length).toBe(taken);
}, 120_000);

test('books that were put back ship nothing before --adopt, and then the history they left can still be had', async () => {
  const here = place('put-back');
  const books = join(here.dataDir, DATABASE_FILE);
  const early = join(root, 'early.db');
  const first = await play(here.dataDir, 10);
  let tail = startTail(here);
  await tail.until(async () => (await snapshots(here)).length === 1);
  const second = await play(here.dataDir, 6, { seed: 2, from: first.until + 1_000, traders: 0 });
  await tail.until(async () => (await shippedTo(here)) >= second.batch);
  // The tail goes through this one, and on.
  expect(await backup(here.env, 'run')).toMatchObject({ code: 0 });
  copyFileSync(books, early);
  const third = await play(here.dataDir, 6, { seed: 3, from: second.until + 1_000, traders: 0 });
  await tail.until(async () => (await shippedTo(here)) >= third.batch);
  await tail.stop();
  copyFileSync(early, books);
  const before = await here.store.list('');
  expect(await backup(here.env, 'tail')).toMatchObject({
    code: 1,
    said: expect.stringContaining(`batches are missing up to batch ${third.batch}`),
  });
  expect(await here.store.list('')).toEqual(before);
  const passed = (await snapshots(here)).at(-1)!;
  const other = await play(here.dataDir, 3, { seed: 4, from: second.until + 5_000, traders: 0 });
  expect(await backup(here.env, 'tail')).toMatchObject({ code: 1 });
  expect(await here.store.list('')).toEqual(before);
  expect(await backup(here.env, 'run', '--adopt')).toMatchObject({ code: 0 });
  tail = startTail(here);
  const fourth = await play(here.dataDir, 3, { seed: 5, from: other.until + 1_000, traders: 0 });
  const adopted = (await snapshots(here)).at(-1)!;
  const goesOn = async (): Promise<boolean> =>
    (await listSegments(here.store)).some(
      (segment) => segment.tail === adopted.id && segment.toBatch >= fourth.batch,
    );
  await tail.until(goesOn);
  await tail.stop();
  expect(await restoredTo(here)).toBe(String(fourth.batch));
  expect(await restoredTo(here, '--snapshot', passed.id)).toBe(String(third.batch));
}, 120_000);

test('numbers that the bucket has seen are not given out again', async () => {
  const here = place('taken');
  const { until: at } = await play(here.dataDir, 10);
  const tail = startTail(here);
  await tail.until(async () => (await snapshots(here)).length > 0);
  for (const seed of [2, 3]) {
    const { batch } = await play(here.dataDir, 6, { seed, from: at + seed * 60_000, traders: 0 });
    await tail.until(async () => (await shippedTo(here)) >= batch);
  }
  await tail.stop();
  const last = (await listSegments(here.store)).at(-1)!;
  const source = new SqliteTail(join(here.dataDir, DATABASE_FILE));
  const open = async (): Promise<unknown> =>
    TailShipper.open(source, here.store, await snapshots(here), Date.now, undefined, [last.key]).catch(
      (error: Error) => error,
    );
  expect(await open()).toBeInstanceOf(TailShipper);
  // The folder comes back as it was before.
  await here.store.remove(last.key);
  expect(await open()).toMatchObject({
    code: 'snapshot_needed',
    message: expect.stringContaining(`segment ${last.number} of the tail ${last.tail} is missing`),
  });
  source.close();
}, 60_000);
