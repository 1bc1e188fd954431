import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, play, restore } from '../../test/stage/house-commands.ts';

/** What a disk refuses is said with the path that it is about, and leaves nothing behind. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-named-paths-'));
const [dataDir, backupDir, disk] = [join(root, 'data'), join(root, 'backups'), join(root, 'disk')];
const env = { DATA_DIR: dataDir, BACKUP_DIR: backupDir };
beforeAll(async () => {
  mkdirSync(disk);
  await play(dataDir, 10);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const mayMount = Bun.spawnSync(['unshare', '--map-root-user', '--mount', 'true']).exitCode === 0;

/** Runs a command where a disk of 1 MiB is mounted. @param before what is done to it first, in shell. */
async function beside(before: string, words: readonly string[], settings = env): Promise<string> {
  const shell =
    `mount -t tmpfs -o size=1m none '${disk}'; cd '${disk}'; ${before}; ` +
    `cd '${join(import.meta.dir, '../..')}'; '${process.execPath}' scripts/tapgrid.ts ` +
    `${words.join(' ')}; echo "code $?"; ls -A '${disk}'`;
  const child = Bun.spawn(['unshare', '--map-root-user', '--mount', 'sh', '-c', `exec 2>&1; ${shell}`], {
    stdin: 'ignore',
    stdout: 'pipe',
    timeout: 60_000,
    env: { ...process.env, ...settings },
  });
  return new Response(child.stdout).text();
}

test.skipIf(!mayMount)(
  'a full disk of the figures, which keeps nothing half written',
  async () => {
    const metrics = join(disk, 'backup.prom');
    const said = await beside('cat /dev/zero >fill 2>/dev/null', ['backup', 'run', '--metrics', metrics]);
    expect(said).toMatch(/\/disk\/backup\.prom\.\d+: no space left on the disk \(ENOSPC\)/);
    expect(said).toEndWith('code 1\nfill\n');
  },
  60_000,
);

test.skipIf(!mayMount)(
  'a disk of the backups that is read-only, and one that is full',
  async () => {
    const settings = { ...env, BACKUP_DIR: join(disk, 'backups') };
    expect(await beside(`mount -o remount,ro '${disk}'`, ['backup', 'run'], settings)).toContain(
      `${join(disk, 'backups')}: the disk is read-only (EROFS)`,
    );
    const to = join(disk, 'restored');
    await backup(env, 'run');
    expect(
      await beside('dd if=/dev/zero of=fill bs=1k count=900 2>/dev/null', [
        ...['restore', '--from', backupDir, '--to', to],
      ]),
    ).toContain(`${to}/.restoring/tapgrid.db: no space left on the disk (ENOSPC)`);
  },
  60_000,
);

test('a folder that cannot be made', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  const to = join(file, 'rest');
  await backup(env, 'run');
  expect(await restore(env, '--from', backupDir, '--to', to)).toMatchObject({
    code: 1,
    said: expect.stringContaining(`${to}/.restoring: part of the path is not a folder (ENOTDIR)`),
  });
}, 120_000);

test('one of a thing is not several, and none at all is said as such', async () => {
  expect((await backup(env, 'prune')).said).toMatch(/ 1 snapshot kept, removed: none; 0 segments removed/);
  const empty = join(root, 'empty');
  mkdirSync(empty);
  const { code, said } = await restore(env, '--from', empty, '--to', join(root, 'never'));
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining(`${empty} has no snapshot (not_restored)`),
  });
}, 120_000);
