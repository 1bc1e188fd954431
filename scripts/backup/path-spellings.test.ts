import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../server/config.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { World } from '../../test/simulation/world.ts';
import { tapgrid } from '../../test/stage/command.ts';

const root = mkdtempSync(join(tmpdir(), 'tapgrid-paths-'));
const before = process.cwd();
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

/** One place, however it is written; from the folder `root`. */
const SPELLINGS = [
  ['plainly', (name: string) => join(root, name)],
  ['with a slash at the end', (name: string) => `${join(root, name)}/`],
  ['with two of them', (name: string) => `${join(root, name)}//`],
  ['from here', (name: string) => `./${name}`],
  ['from here, without saying so', (name: string) => name],
  ['with a slash too many', (name: string) => `${root}//${name}`],
  ['by a detour', (name: string) => join(root, 'elsewhere').concat('/../', name)],
  ['with a dot in between', (name: string) => `${root}/./${name}/.`],
  ['through a link', (name: string) => join(root, 'link', name)],
] as const;

const ran = (env: Record<string, string>, ...words: string[]) => tapgrid(words, { env });

test('a folder without books has nothing to back up, and is told so', async () => {
  const dataDir = join(root, 'no house');
  mkdirSync(dataDir);
  for (const command of ['run', 'tail'])
    expect(
      await ran({ DATA_DIR: dataDir, BACKUP_DIR: join(root, 'kept of nobody') }, 'backup', command),
    ).toMatchObject({
      code: 2,
      error: expect.stringContaining(`There are no books in ${dataDir} (DATA_DIR). (no_books)`),
    });
});

describe.each([
  ['in an ordinary folder', 'kept'],
  ['in one with a space', 'kept here'],
])('backups %s', (_, name) => {
  const dataDir = join(root, `data of ${name}`);
  const plain = { DATA_DIR: dataDir, BACKUP_DIR: join(root, name) };

  beforeAll(async () => {
    mkdirSync(dataDir);
    mkdirSync(join(root, 'elsewhere'), { recursive: true });
    rmSync(join(root, 'link'), { force: true });
    symlinkSync(root, join(root, 'link'));
    process.chdir(root);
    const world = new World(7, dataDir);
    await world.open();
    await world.addTrader();
    for (let n = 0; n < 100; n++) {
      await world.tick();
      if (n % 5 === 0) await world.order();
    }
    await world.store.close();
    expect(await ran(plain, 'backup', 'run')).toMatchObject({ code: 0 });
  });

  test.each(SPELLINGS)(
    'are found, restored and compared with the books when they are named %s',
    async (_, spelled) => {
      const written = spelled(name);
      const env = { DATA_DIR: spelled(`data of ${name}`), BACKUP_DIR: written };
      expect(await ran(env, 'backup', 'run')).toMatchObject({ code: 0 });
      const keys = await new DirectoryStore(written).list('snapshots/');
      expect(keys.length).toBeGreaterThan(1);
      for (const key of keys) expect(key).toStartWith('snapshots/');
      expect(await ran(env, 'backup', 'verify')).toMatchObject({ code: 0 });
      const to = spelled('restored');
      expect(await ran(env, 'restore', '--from', written, '--to', to)).toMatchObject({ code: 0 });
      for (const file of [to, `${to}/`].map((folder) => join(folder, DATABASE_FILE)))
        expect(await ran(env, 'verify-ledger', '--file', file)).toMatchObject({ code: 0 });
      rmSync(join(root, 'restored'), { recursive: true });
      // The snapshots are anchors only when they are found: of books with another history they say so.
      const other = await ran({ DATA_DIR: join(root, 'other'), BACKUP_DIR: written }, 'verify-ledger');
      expect(other).toMatchObject({ code: 1, out: expect.stringContaining('snapshot') });
      expect(await ran(env, 'verify-ledger', '--file', join(root, 'other', DATABASE_FILE))).toMatchObject({
        code: 1,
        out: expect.stringContaining('snapshot'),
      });
    },
  );

  beforeAll(async () => {
    rmSync(join(root, 'other'), { recursive: true, force: true });
    mkdirSync(join(root, 'other'));
    const world = new World(8, join(root, 'other'));
    await world.open();
    await world.addTrader();
    for (let n = 0; n < 300; n++) await world.tick();
    await world.store.close();
  });
});

test('every path among the settings is one place, however it is written', () => {
  process.chdir(root);
  for (const key of ['DATA_DIR', 'BACKUP_DIR', 'OPERATOR_TOKEN_FILE']) {
    for (const [, spelled] of SPELLINGS.slice(0, -1)) {
      const loaded = loadConfig({ [key]: spelled('a place') });
      if ('errors' in loaded) throw new Error(`${key} is refused`);
      const property = {
        DATA_DIR: 'dataDir',
        BACKUP_DIR: 'backupDir',
        OPERATOR_TOKEN_FILE: 'operatorTokenFile',
      }[key]!;
      expect([key, loaded.ok[property as 'dataDir']]).toEqual([key, join(root, 'a place')]);
    }
  }
});
