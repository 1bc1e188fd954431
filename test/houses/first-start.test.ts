import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diagnose } from '../../scripts/doctor/doctor.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { tapgrid } from '../stage/command.ts';
import { backup, play, restore } from '../stage/house-commands.ts';
import { serving, startServer, type ServerProcess } from '../stage/server-process.ts';

/** A start of the server where there are no books. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-first-start-'));
const backupDir = join(root, 'backups');
let folders = 0;
let running: ServerProcess | null = null;
let real: Awaited<ReturnType<typeof play>>;

const emptyFolder = (): string => join(root, `data-${folders++}`);
const serve = async (settings: Readonly<Record<string, string>>): Promise<ServerProcess> =>
  (running = await serving(settings));
const healthIn = async (dataDir: string): Promise<{ house: string; causes: { cause: string }[] }> =>
  (await fetch('http://operations/healthz', { unix: join(dataDir, 'operations.sock') })).json();

beforeAll(async () => {
  const dataDir = emptyFolder();
  real = await play(dataDir, 60);
  expect(await backup({ DATA_DIR: dataDir, BACKUP_DIR: backupDir }, 'run')).toMatchObject({ code: 0 });
  rmSync(dataDir, { recursive: true });
});
afterEach(async () => {
  await running?.kill();
  running = null;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('makes no books where the folder of backups has a house, and says which and what to do', async () => {
  const env = { DATA_DIR: emptyFolder(), BACKUP_DIR: backupDir };
  const started = await startServer(env);
  expect(started).toMatchObject({ code: 3 });
  if (!('error' in started)) throw new Error('it serves');
  expect(started.error).toContain(`No books in ${env.DATA_DIR} (DATA_DIR), and none were created`);
  expect(started.error).toContain(`${backupDir} holds house ${real.house}: 1 snapshot from`);
  expect(started.error).toContain('Restore the books before the first start');
  expect(started.error).toContain('tapgrid new-house');
  expect(existsSync(env.DATA_DIR)).toBe(false);
  const found = (await diagnose({ ...process.env, ...env })).filter(({ name }) => name === 'database');
  expect(found).toMatchObject([
    { state: 'wrong', says: expect.stringContaining(`${backupDir} holds house ${real.house}`) },
  ]);
});

test('goes on with the house that was restored before it', async () => {
  const env = { DATA_DIR: emptyFolder(), BACKUP_DIR: backupDir };
  expect(await restore(env, '--from', backupDir, '--to', env.DATA_DIR)).toMatchObject({ code: 0 });
  await serve(env);
  expect(await healthIn(env.DATA_DIR)).toMatchObject({ house: real.house });
}, 60_000);

test.each([
  ['a note of where its ledger ended', 'noted-head.json', '{}'],
  ['a week of its history', 'history/2026-W47.db', 'rows'],
  ['a plan of its archiver', 'archive/plan.json', '{}'],
  ['the mark of a backup that succeeded', 'jobs/backup.success', ''],
  ['a write-ahead log without its database', 'tapgrid.db-wal', 'commits'],
  ['an archive of its own', 'archive/manifests/00000001.json', '{}'],
  ['a snapshot that stayed when BACKUP_DIR moved', 'backups/snapshots/20261123T000000Z-1', 'a manifest'],
  ['books that were set aside', 'set-aside/tapgrid.db', 'books'],
  ['books that were restored and not moved', 'restored/tapgrid.db', 'books'],
  ['a copy from before an upgrade', 'before-2.0/tapgrid.db', 'books'],
])('nor where %s lies', async (_, file, content) => {
  const dataDir = emptyFolder();
  mkdirSync(dirname(join(dataDir, file)), { recursive: true });
  writeFileSync(join(dataDir, file), content);
  const started = await startServer({ DATA_DIR: dataDir });
  expect(started).toMatchObject({
    code: 3,
    error: expect.stringContaining(`has traces of a house: ${file}`),
  });
  expect(existsSync(join(dataDir, DATABASE_FILE))).toBe(false);
});

test('nor over a database that lost its content', async () => {
  const dataDir = emptyFolder();
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, DATABASE_FILE), '');
  expect(await startServer({ DATA_DIR: dataDir, BACKUP_DIR: backupDir })).toMatchObject({ code: 3 });
});

test('nor where a bucket is set and cannot be asked', async () => {
  const dataDir = emptyFolder();
  const started = await startServer({
    DATA_DIR: dataDir,
    BACKUP_S3_ENDPOINT: 'http://127.0.0.1:1',
    BACKUP_S3_BUCKET: 'gone',
    BACKUP_S3_KEY_ID: 'key',
    BACKUP_S3_SECRET: 'a-long-secret',
  });
  expect(started).toMatchObject({
    code: 3,
    error: expect.stringContaining('cannot find out whether'),
  });
  expect(existsSync(dataDir)).toBe(false);
}, 60_000);

test('a fresh installation starts in one command, with all its folders empty', async () => {
  const dataDir = emptyFolder();
  for (const folder of ['jobs', 'backups']) mkdirSync(join(dataDir, folder), { recursive: true });
  const server = await serve({ DATA_DIR: dataDir, BACKUP_DIR: join(root, 'not-yet-there') });
  expect((await healthIn(dataDir)).house).toMatch(/^[0-9a-f]{32}$/);
  expect(await server.stop()).toBe(0);
  // And the next time it is no first start.
  await serve({ DATA_DIR: dataDir });
}, 60_000);

test('a new house beside another one is made by hand, and takes taps and backups as any other', async () => {
  const shared = join(root, 'shared');
  cpSync(backupDir, shared, { recursive: true });
  const env = { DATA_DIR: emptyFolder(), BACKUP_DIR: shared };
  const made = await tapgrid(['new-house', '--json'], { env });
  expect(made).toMatchObject({ code: 0 });
  const { house, stores } = JSON.parse(made.out);
  expect(stores).toMatchObject([{ store: shared, beside: [`house ${real.house}`] }]);
  expect(await tapgrid(['new-house'], { env })).toMatchObject({
    code: 1,
    error: expect.stringContaining('books_exist'),
  });
  await serve(env);
  const health = await healthIn(env.DATA_DIR);
  expect(health.house).toBe(house);
  expect(health.causes.map(({ cause }) => cause)).not.toContain('operator');
  expect(await backup(env, 'run')).toMatchObject({ code: 0 });
  expect(readdirSync(join(shared, 'snapshots'))).toHaveLength(2);
}, 60_000);

test.each([
  ['there are none', () => {}],
  [
    'their file is empty',
    (dataDir: string) => {
      mkdirSync(dataDir);
      writeFileSync(join(dataDir, DATABASE_FILE), '');
    },
  ],
])('no job and no order makes books where %s', async (_, prepare) => {
  const env = { DATA_DIR: emptyFolder(), BACKUP_DIR: backupDir };
  prepare(env.DATA_DIR);
  for (const words of [
    ['backup', 'run'],
    ['backup', 'tail'],
    ['backup', 'prune'],
    ['archive', 'run'],
    ['verify-ledger'],
    ['halt', '--reason', 'a drill', '--by', 'ann'],
  ]) {
    const { code, error } = await tapgrid(words, { env });
    expect({ words, code, error }).toEqual({ words, code: expect.any(Number), error: expect.any(String) });
    expect(code).not.toBe(0);
  }
  expect(statSync(join(env.DATA_DIR, DATABASE_FILE), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
});
