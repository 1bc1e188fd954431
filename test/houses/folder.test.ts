import { afterAll, beforeAll, expect, test } from 'bun:test';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SqliteTail } from '../../server/store/tail-source.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { isWhole, listSnapshots } from '../../server/upkeep/backup/manifest.ts';
import { TailShipper } from '../../server/upkeep/backup/tail-shipper.ts';
import { backup, play, restore } from '../stage/house-commands.ts';

/** Two houses and one folder of backups. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-two-houses-'));
const [backupDir, realDir, freshDir] = ['backups', 'real', 'fresh'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const [real, fresh] = [realDir, freshDir].map((dir) => ({ DATA_DIR: dir, BACKUP_DIR: backupDir })) as [
  { DATA_DIR: string; BACKUP_DIR: string },
  { DATA_DIR: string; BACKUP_DIR: string },
];
const store = new DirectoryStore(backupDir);
afterAll(() => rmSync(root, { recursive: true, force: true }));

let realHouse: Awaited<ReturnType<typeof play>>;
let freshHouse: Awaited<ReturnType<typeof play>>;
let realSnapshot: string;
beforeAll(async () => {
  realHouse = await play(realDir, 120);
  expect(await backup(real, 'run')).toMatchObject({ code: 0 });
  realSnapshot = (await listSnapshots(store))[0]!.id;
  freshHouse = await play(freshDir, 12, { seed: 2, traders: 1 });
}, 60_000);

const snapshotsOf = async (house: string): Promise<string[]> =>
  (await listSnapshots(store))
    .filter(isWhole)
    .filter((snapshot) => snapshot.house === house)
    .map(({ id }) => id);

test('a house has an id, in its books and in all that leaves them', async () => {
  expect(realHouse.house).toMatch(/^[0-9a-f]{32}$/);
  expect(freshHouse.house).not.toBe(realHouse.house);
  expect((await play(realDir, 0, { traders: 0, from: realHouse.until })).house).toBe(realHouse.house);
  expect(await snapshotsOf(realHouse.house)).toEqual([realSnapshot]);
  expect((await backup(real, 'status')).said).toContain(`house ${realHouse.house}`);
});

test('the folder of one house takes no snapshot of another, and says which two they are and what to do', async () => {
  const before = await store.list('');
  const { code, said } = await backup(fresh, 'run');
  expect(code).toBe(1);
  expect(said).toContain('other_house');
  expect(said).toContain(`holds house ${realHouse.house}: 1 snapshot from`);
  expect(said).toContain(`with ${realHouse.bets} bets up to batch ${realHouse.batch} of`);
  expect(said).toContain(`These books are of house ${freshHouse.house}`);
  for (const remedy of ['BACKUP_DIR', 'BACKUP_S3_PREFIX', 'restore the right ones', '--adopt'])
    expect(said).toContain(remedy);
  expect(await store.list('')).toEqual(before);
});

test('nor a tail of it', async () => {
  const before = await store.list('');
  const source = new SqliteTail(join(freshDir, DATABASE_FILE));
  const refused = await TailShipper.open(source, store, [], Date.now).catch((error: Error) => error);
  source.close();
  expect(refused).toMatchObject({ code: 'other_house' });
  expect(await store.list('')).toEqual(before);
  expect(await backup(fresh, 'tail')).toMatchObject({
    code: 1,
    said: expect.stringContaining('other_house'),
  });
});

test('nothing of a house is pruned for books of another', async () => {
  const before = await store.list('');
  expect(await backup(fresh, 'prune')).toMatchObject({
    code: 1,
    said: expect.stringContaining('no complete snapshot of this house'),
  });
  expect(await store.list('')).toEqual(before);
});

test('with --adopt both stand there: that is told, goes on by itself, and each keeps its own', async () => {
  const adopted = await backup(fresh, 'run', '--adopt');
  expect(adopted).toMatchObject({
    code: 0,
    said: expect.stringContaining(
      `ADOPTED: from now on ${backupDir} holds house ${freshHouse.house} beside house ${realHouse.house}`,
    ),
  });
  await play(freshDir, 12, { seed: 3, traders: 0, from: freshHouse.until + 1_000 });
  expect(await backup(fresh, 'run')).toMatchObject({ code: 0 });
  // Two of one hour leave the newer one; that of the other house does not count among them.
  expect(await snapshotsOf(freshHouse.house)).toHaveLength(1);
  expect(await snapshotsOf(realHouse.house)).toEqual([realSnapshot]);
  const { said } = await backup(fresh, 'status');
  expect(said).toContain(`not counted: house ${realHouse.house}: 1 snapshot`);
});

test('who restores from it is asked which house, and gets that one', async () => {
  const to = join(root, 'restored');
  const asked = await restore({}, '--from', backupDir, '--to', to);
  expect(asked.code).toBe(1);
  expect(asked.said).toContain('has several houses; choose one with --house');
  expect(asked.said).toContain(`house ${realHouse.house}: 1 snapshot from`);
  expect(asked.said).toContain(`${realHouse.bets} bets up to batch ${realHouse.batch}`);
  expect(asked.said).toContain(`house ${freshHouse.house}: 1 snapshot from`);
  const [newest] = await snapshotsOf(freshHouse.house);
  const given = await restore({}, '--from', backupDir, '--to', to, '--house', realHouse.house.slice(0, 8));
  expect(given).toMatchObject({ code: 0 });
  expect(given.said).toContain(`from snapshot ${realSnapshot}`);
  expect(given.said).toContain(`not restored: house ${freshHouse.house}`);
  const held = await play(to, 0, { traders: 0, from: Date.now() });
  expect(held).toMatchObject({ house: realHouse.house, bets: realHouse.bets });
  // By the id of a snapshot nobody has to be asked.
  const other = join(root, 'by-id');
  expect(await restore({}, '--from', backupDir, '--to', other, '--snapshot', newest!)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`house ${freshHouse.house}`),
  });
  for (const [words, complaint] of [
    [['--house', 'ffff'], 'no house in'],
    [['--house', 'x'], 'expected 4 to 32 hex digits'],
    [['--house', realHouse.house, '--snapshot', newest!], `is of house ${freshHouse.house}, not of house`],
  ] as const)
    expect((await restore({}, '--from', backupDir, '--to', join(root, 'no'), ...words)).said).toContain(
      complaint,
    );
}, 120_000);

test('a folder with books of a house takes no other one', async () => {
  const { code, said } = await restore(
    {},
    ...['--from', backupDir, '--to', freshDir, '--house', realHouse.house],
  );
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('is not empty') });
});

test('of one house the report says what was newer and why it was not taken', async () => {
  const folder = join(root, 'alone');
  cpSync(realDir, join(root, 'grown'), { recursive: true });
  const grown = { DATA_DIR: join(root, 'grown'), BACKUP_DIR: folder };
  expect(await backup(grown, 'run', '--no-prune')).toMatchObject({ code: 0 });
  const first = (await listSnapshots(new DirectoryStore(folder)))[0]!.id;
  await play(grown.DATA_DIR, 30, { seed: 4, traders: 0, from: realHouse.until + 1_000 });
  expect(await backup(grown, 'run', '--no-prune')).toMatchObject({ code: 0 });
  const [, second] = (await listSnapshots(new DirectoryStore(folder))).map(({ id }) => id);
  const restored = (...words: string[]) =>
    restore({}, '--from', folder, '--to', join(root, `to ${words.join(' ')}`), ...words);
  expect((await restored()).said).toContain(
    'it is the newest snapshot there; use --snapshot or --until for an earlier state',
  );
  expect((await restored('--until', String(realHouse.batch))).said).toContain(
    `newer, but skipped: ${second} (later than --until); use --snapshot to restore one by its id`,
  );
  expect((await restored('--snapshot', first)).said).toContain(`${second} (a different one was chosen)`);
}, 120_000);
