import { afterAll, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, DATABASE_FILE } from '../../server/store/store.ts';
import { storeOptions } from '../../server/compose/books.ts';
import { loadConfig } from '../../server/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-rehearsal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const ROOT = join(import.meta.dir, '../..');

/** A data folder with the books of a new house. */
async function house(name: string): Promise<string> {
  const dataDir = join(folder, name);
  const loaded = loadConfig({ DATA_DIR: dataDir });
  if ('errors' in loaded) throw new Error('the defaults are wrong');
  await (await openStore(storeOptions(loaded.ok, Date.now()))).close();
  return dataDir;
}
function tapgrid(env: Readonly<Record<string, string>>, ...words: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, 'scripts/tapgrid.ts', ...words], {
    cwd: ROOT,
    env: { PATH: process.env.PATH!, ...env },
  });
  return { exitCode, out: stdout.toString(), error: stderr.toString() };
}

test('a house with a bucket: settings and secrets are those of the server, and neither books nor backups ' +
  'are touched', async () => {
  const dataDir = await house('bucket');
  const credentials = join(folder, 'credentials');
  mkdirSync(credentials);
  for (const name of ['BACKUP_S3_KEY_ID', 'BACKUP_S3_SECRET'])
    writeFileSync(join(credentials, `tapgrid_${name}`), 'a-long-secret\n');
  const settings = join(folder, 'tapgrid.env');
  // Nobody listens there: what asked the bucket would fail.
  writeFileSync(
    settings,
    `DATA_DIR=${dataDir}\nFEED=live\nBACKUP_DIR=${join(folder, 'backups')}\n` +
      `BACKUP_S3_BUCKET=bucket-of-tests\nBACKUP_S3_ENDPOINT=http://127.0.0.1:9\n` +
      `REDIS_URL=redis://127.0.0.1:9\n`,
  );
  const before = new Bun.CryptoHasher('sha256')
    .update(await Bun.file(join(dataDir, DATABASE_FILE)).bytes())
    .digest('hex');
  const env = { SETTINGS_FILE: settings };
  expect(tapgrid(env, 'rehearse')).toMatchObject({
    exitCode: 2,
    error: expect.stringContaining('BACKUP_S3_KEY_ID'),
  });
  expect(tapgrid({ ...env, CREDENTIALS_DIRECTORY: credentials }, 'rehearse')).toMatchObject({
    exitCode: 0,
    out: 'The rehearsal succeeded.\n',
  });
  const after = new Bun.CryptoHasher('sha256')
    .update(await Bun.file(join(dataDir, DATABASE_FILE)).bytes())
    .digest('hex');
  expect([after, readdirSync(dataDir).filter((name) => name.startsWith('rehearsal-'))]).toEqual([before, []]);
  expect(readdirSync(folder)).not.toContain('backups');
}, 60_000);

test('books that the release cannot open are told of before anything is stopped', async () => {
  const dataDir = await house('spoiled');
  const books = new Database(join(dataDir, DATABASE_FILE));
  books.run('DROP TABLE bets');
  books.close();
  expect(tapgrid({ DATA_DIR: dataDir }, 'rehearse')).toMatchObject({
    exitCode: 1,
    error: expect.stringContaining('The release does not serve on a copy of the books. (not_serving)'),
  });
}, 60_000);

test('where the real start would refuse to make books, the rehearsal says so', () => {
  const dataDir = join(folder, 'lost');
  mkdirSync(join(dataDir, 'jobs'), { recursive: true });
  writeFileSync(join(dataDir, 'jobs/backup.success'), '');
  expect(tapgrid({ DATA_DIR: dataDir }, 'rehearse')).toMatchObject({
    exitCode: 1,
    error: expect.stringMatching(/No books[\s\S]*\(house_elsewhere\)/),
  });
}, 60_000);

test('one that is interrupted leaves nothing, and what a killed one left is removed', async () => {
  const dataDir = await house('interrupted');
  const left = () => readdirSync(dataDir).filter((name) => name.startsWith('rehearsal-'));
  // No process has a number that large.
  mkdirSync(join(dataDir, 'rehearsal-99999999-abcdef'));
  const child = Bun.spawn([process.execPath, 'scripts/tapgrid.ts', 'rehearse'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH!, DATA_DIR: dataDir },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  while (!left().some((name) => name.startsWith(`rehearsal-${child.pid}-`))) await Bun.sleep(5);
  expect(left()).toHaveLength(1);
  child.kill('SIGINT');
  expect([await child.exited, await new Response(child.stderr).text(), left()]).toEqual([
    1,
    expect.stringContaining('The rehearsal was interrupted. Nothing was changed. (interrupted)'),
    [],
  ]);
}, 60_000);
