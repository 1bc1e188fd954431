import { afterAll, beforeAll, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteArchiveSource } from '../../server/store/archive/archive-source.ts';
import {
  ARCHIVE_PREFIX,
  encodeManifest,
  manifestHash,
  manifestKeyOf,
  segmentKey,
} from '../../server/upkeep/archive/manifest.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { databaseOf, OldBooks, violations } from '../simulation/archived-books.ts';
import { houseIn } from '../simulation/archiving.ts';
import { tapgrid } from '../stage/command.ts';

/** Two houses and one place for archives. */

const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-house-archive-'));
const backupDir = join(root, 'backups');
const store = new DirectoryStore(backupDir);
const [real, fresh] = [new OldBooks(41, join(root, 'real')), new OldBooks(43, join(root, 'fresh'))];
const settingsOf = ({ dataDir }: OldBooks) => ({
  DATA_DIR: dataDir,
  BACKUP_DIR: backupDir,
  ARCHIVE_SEGMENT_ROWS: '100000',
});
const archive = (books: OldBooks, ...words: string[]) =>
  tapgrid(['archive', ...words], { env: settingsOf(books) });
const keysOf = (books: OldBooks): Promise<string[]> =>
  store.list(`${ARCHIVE_PREFIX}${houseIn(books.dataDir)}/`);

beforeAll(async () => {
  for (const books of [real, fresh]) await books.make(Date.now() - 30 * DAY_MS);
  expect(await archive(real, 'run')).toMatchObject({ code: 0 });
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('segments and manifests name their house', async () => {
  const house = houseIn(real.dataDir);
  const keys = await keysOf(real);
  expect(keys).toContain(segmentKey(house, 1));
  expect(keys.length).toBeGreaterThan(2);
  const manifest = JSON.parse(readFileSync(join(backupDir, manifestKeyOf(segmentKey(house, 1))), 'utf8')) as {
    house: string;
  };
  expect(manifest.house).toBe(house);
});

test('the archive of one house takes nothing of another, and nothing leaves the books then', async () => {
  const before = await store.list('');
  const { code, error } = await archive(fresh, 'run');
  expect(code).toBe(1);
  expect(error).toMatch(/holds house [0-9a-f]{32}: no snapshot; \d+ segments of its archive/);
  expect(error).toContain(`These books are of house ${houseIn(fresh.dataDir)}`);
  expect(error).toContain('(other_house)');
  expect(await store.list('')).toEqual(before);
  expect(violations(fresh.dataDir)).toEqual([]);
});

test('with --adopt both archives stand there, each whole under the same numbers', async () => {
  const before = await keysOf(real);
  const adopted = await archive(fresh, 'run', '--adopt');
  expect(adopted).toMatchObject({ code: 0, error: expect.stringContaining('ADOPTED') });
  expect((await keysOf(fresh)).length).toBeGreaterThan(2);
  expect(await archive(fresh, 'run')).toMatchObject({ code: 0 });
  for (const books of [real, fresh]) {
    expect(await archive(books, 'verify')).toMatchObject({ code: 0 });
    expect((await archive(books, 'get', books.betIds[0]!)).out).toContain(`"id":"${books.betIds[0]}"`);
  }
  expect(await keysOf(real)).toEqual(before);
}, 60_000);

test('what was archived before houses had ids stays where it is, is read there, and is carried along', async () => {
  const old = new OldBooks(47, join(root, 'old'));
  await old.make(Date.now() - 30 * DAY_MS);
  const settings = { DATA_DIR: old.dataDir, ARCHIVE_SEGMENT_ROWS: '100000' };
  expect(await tapgrid(['archive', 'run'], { env: settings })).toMatchObject({ code: 0 });
  const house = houseIn(old.dataDir);
  madeOlder(old.dataDir, house);
  const verify = (env: Record<string, string>) => tapgrid(['archive', 'verify'], { env });
  expect(await verify(settings)).toMatchObject({ code: 0 });
  expect((await tapgrid(['archive', 'get', old.betIds[0]!], { env: settings })).out).toContain(
    old.betIds[0]!,
  );
  // With another place it goes there, under its old names.
  const moved = { ...settings, BACKUP_DIR: join(root, 'old-backups') };
  expect(await tapgrid(['archive', 'run'], { env: moved })).toMatchObject({ code: 0 });
  expect(await verify(moved)).toMatchObject({ code: 0 });
  expect(await new DirectoryStore(moved.BACKUP_DIR).list('archive/segments/')).not.toEqual([]);
}, 60_000);

/** An archive as the version before ids left it: under other keys, and without an id in its manifests. */
function madeOlder(dataDir: string, house: string): void {
  const source = new SqliteArchiveSource(databaseOf(dataDir));
  const sealed = source.segments();
  source.close();
  cpSync(join(dataDir, 'archive', house), join(dataDir, 'archive'), { recursive: true });
  rmSync(join(dataDir, 'archive', house), { recursive: true });
  let previous: { number: number; sha256: string } | null = null;
  for (const { number, objectKey } of sealed) {
    const key = objectKey.replace(`${house}/`, '');
    const path = join(dataDir, manifestKeyOf(key));
    const { house: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
    const bytes = encodeManifest({ ...manifest, object: { ...manifest.object, key }, previous });
    writeFileSync(path, bytes);
    previous = { number, sha256: manifestHash(bytes) };
    changeSealed(dataDir, number, key, previous.sha256);
  }
}

function changeSealed(dataDir: string, number: number, key: string, sha256: string): void {
  const db = new Database(databaseOf(dataDir));
  db.run('UPDATE archive_segments SET object_key = ?, manifest_sha256 = ? WHERE number = ?', [
    key,
    sha256,
    number,
  ]);
  db.close();
}
