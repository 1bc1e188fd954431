import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import {
  encodeManifest,
  isWhole,
  listSnapshots,
  manifestKey,
  type Manifest,
} from '../../server/upkeep/backup/manifest.ts';
import { backup, play, restore } from '../stage/house-commands.ts';

/** Books and backups of before houses had ids. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-unnamed-'));
const [dataDir, backupDir] = [join(root, 'data'), join(root, 'backups')];
const settings = { DATA_DIR: dataDir, BACKUP_DIR: backupDir };
const store = new DirectoryStore(backupDir);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The file as a start of this version finds it: it has a place for an id, and none yet. */
function withoutId(folder: string): void {
  const db = new Database(join(folder, DATABASE_FILE));
  const { sql } = db
    .query<{ sql: string }, []>(`SELECT sql FROM sqlite_schema WHERE name = 'house_is_kept'`)
    .get()!;
  for (const statement of ['DROP TRIGGER house_is_kept', 'DELETE FROM house', sql]) db.run(statement);
  db.close();
}

/** The folder of backups as the version before ids left it. */
async function backupsWithoutId(folder: string): Promise<void> {
  for (const { house: _, unnamed: __, ...manifest } of (
    await listSnapshots(new DirectoryStore(folder))
  ).filter(isWhole))
    writeFileSync(join(folder, manifestKey(manifest.id)), encodeManifest(manifest));
  rmSync(join(folder, 'houses'), { recursive: true, force: true });
}

let before: Awaited<ReturnType<typeof play>>;
let old: string;
beforeAll(async () => {
  before = await play(dataDir, 60);
  withoutId(dataDir);
  before = { ...before, ...(await play(dataDir, 0, { traders: 0, from: before.until + 1_000 })) };
  expect(await backup(settings, 'run')).toMatchObject({ code: 0 });
  await backupsWithoutId(backupDir);
  old = (await listSnapshots(store))[0]!.id;
  withoutId(dataDir);
});

test('each copy of such books gets the same id, and another house another', async () => {
  const copies = ['one', 'two'].map((name) => join(root, name));
  for (const copy of copies) cpSync(dataDir, copy, { recursive: true });
  const ids: string[] = [];
  for (const [index, copy] of copies.entries())
    ids.push((await play(copy, index * 10, { traders: 0, from: before.until + 1_000 })).house);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[1]).toBe(ids[0]!);
  const another = join(root, 'another');
  await play(another, 5, { from: Date.now() - 7_200_000 });
  withoutId(another);
  expect((await play(another, 0, { traders: 0, from: Date.now() })).house).not.toBe(ids[0]);
});

test('such a snapshot is of the books that have its last commit, and later ones say so', async () => {
  const { house } = await play(dataDir, 30, { seed: 2, traders: 0, from: before.until + 1_000 });
  expect(await backup(settings, 'run', '--no-prune')).toMatchObject({ code: 0 });
  const snapshots = (await listSnapshots(store)).filter(isWhole);
  expect(snapshots.map(({ id, house: of, unnamed }) => [id, of, unnamed])).toEqual([
    [old, undefined, undefined],
    [expect.any(String), house, [old]],
  ]);
  // So nobody is asked of which house it is …
  const restored = await restore({}, '--from', backupDir, '--to', join(root, 'newest'));
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining(`house ${house}`) });
  const earlier = await restore(
    {},
    ...['--from', backupDir, '--to', join(root, 'earlier'), '--snapshot', old],
  );
  expect(earlier).toMatchObject({ code: 0, said: expect.stringContaining(`house ${house}`) });
  expect((await play(join(root, 'earlier'), 0, { traders: 0, from: Date.now() })).house).toBe(house);
  // … and of one hour the newer one stays.
  expect((await backup(settings, 'prune')).said).toContain(`1 snapshot kept, removed: ${old}`);
}, 120_000);

test('one of another house is compared with the chain, and stays', async () => {
  const others = join(root, 'others');
  const theirs = { DATA_DIR: join(root, 'their-data'), BACKUP_DIR: others };
  await play(theirs.DATA_DIR, 90, { seed: 5, from: Date.now() - 1_800_000 });
  expect(await backup(theirs, 'run')).toMatchObject({ code: 0 });
  await backupsWithoutId(others);
  const kept = readdirSync(join(others, 'snapshots'));
  const ours = { DATA_DIR: dataDir, BACKUP_DIR: others };
  for (const words of [['run'], ['tail'], ['prune']])
    expect(await backup(ours, ...words)).toMatchObject({ code: 1 });
  expect(readdirSync(join(others, 'snapshots'))).toEqual(kept);
  expect(await backup(ours, 'run', '--adopt')).toMatchObject({ code: 0 });
  expect(await backup(ours, 'run')).toMatchObject({ code: 0 });
  expect(readdirSync(join(others, 'snapshots'))).toEqual(expect.arrayContaining(kept));
  expect((await restore({}, '--from', others, '--to', join(root, 'which'))).said).toContain(
    'a house from before house ids: 1 snapshot',
  );
}, 120_000);

test('what a manifest says of its house is compared with the books that are restored', async () => {
  const folder = join(root, 'relabelled');
  cpSync(backupDir, folder, { recursive: true });
  const [manifest] = (await listSnapshots(new DirectoryStore(folder))).filter(isWhole) as [Manifest];
  writeFileSync(
    join(folder, manifestKey(manifest.id)),
    encodeManifest({ ...manifest, house: 'ab'.repeat(16) }),
  );
  const { code, said } = await restore(
    {},
    '--from',
    folder,
    '--to',
    join(root, 'relabelled-to'),
    '--snapshot',
    manifest.id,
  );
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining(`says that it is of house ${'ab'.repeat(16)}`),
  });
});
