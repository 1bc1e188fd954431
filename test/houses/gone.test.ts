import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Health } from '../../server/ports/events.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { isWhole, listSnapshots } from '../../server/upkeep/backup/manifest.ts';
import { accepted, apiTrader } from '../stage/api-trader.ts';
import { backup, restore } from '../stage/house-commands.ts';
import { serving, startServer, type ServerProcess } from '../stage/server-process.ts';
import { freePort } from '../stage/free-port.ts';

/** Books that are deleted or replaced under a server that runs. */

const ROOT = join(import.meta.dir, '../..');
/** What is promised. */
const HALT_MS_MAX = 10_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-gone-'));
let folders = 0;
const running: { kill(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const settingsOf = (name: string) => ({
  DATA_DIR: join(root, name, 'data'),
  BACKUP_DIR: join(root, name, 'backups'),
  OPERATIONS_LISTEN: join(root, `${name}.sock`),
  WINDOW_MS: '2000',
  QUOTE_TTL_MS: '10000',
});

async function serve(settings: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const server = await serving(settings);
  running.push(server);
  return server;
}

const asked = (settings: { OPERATIONS_LISTEN: string }, path: string): Promise<Response> =>
  fetch(`http://operations${path}`, { unix: settings.OPERATIONS_LISTEN });
const healthOf = async (settings: { OPERATIONS_LISTEN: string }): Promise<Health> =>
  (await asked(settings, '/healthz')).json();

async function until(isSo: () => boolean | Promise<boolean>, msMax = 60_000): Promise<void> {
  for (const end = performance.now() + msMax; !(await isSo()); await Bun.sleep(50))
    if (performance.now() > end) throw new Error(`waited in vain for ${isSo}`);
}

const takesTaps = async (settings: { OPERATIONS_LISTEN: string }): Promise<boolean> =>
  (await healthOf(settings)).causes.length === 0;
const saysGone = async (settings: { OPERATIONS_LISTEN: string }): Promise<boolean> =>
  (await healthOf(settings)).causes.some(({ cause }) => cause === 'books_gone');

const LOSSES: readonly (readonly [what: string, done: (dataDir: string) => void, why: RegExp])[] = [
  ['the folder is deleted', (dir) => rmSync(dir, { recursive: true }), /data is gone/],
  [
    'all in it is deleted',
    (dir) => {
      for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
    },
    /tapgrid\.db is gone/,
  ],
  [
    'another folder is put in its place',
    (dir) => {
      renameSync(dir, `${dir}-moved`);
      cpSync(`${dir}-moved`, dir, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    },
    /data has been replaced/,
  ],
  [
    'another file is put over the database',
    (dir) => {
      copyFileSync(join(dir, DATABASE_FILE), join(dir, 'other.db'));
      renameSync(join(dir, 'other.db'), join(dir, DATABASE_FILE));
    },
    /tapgrid\.db has been replaced/,
  ],
  ['the write-ahead log is deleted', (dir) => rmSync(join(dir, 'tapgrid.db-wal')), /-wal is gone/],
  ['the lock is deleted', (dir) => rmSync(join(dir, 'lock.db')), /lock\.db is gone/],
];

describe('a server stands still and says so', () => {
  test.each(LOSSES)(
    'when %s',
    async (_, done, why) => {
      const settings = settingsOf(`way-${folders++}`);
      const server = await serve(settings);
      await until(() => takesTaps(settings));
      const trader = await apiTrader(server.origin);
      done(settings.DATA_DIR);
      const began = performance.now();
      await until(() => saysGone(settings), HALT_MS_MAX);
      expect(performance.now() - began).toBeLessThan(HALT_MS_MAX);
      const { causes, state } = await healthOf(settings);
      expect([state, causes[0]]).toEqual([
        'open',
        expect.objectContaining({ cause: 'books_gone', detail: expect.stringMatching(why) }),
      ]);
      expect((await asked(settings, '/readyz')).status).toBe(503);
      expect(await (await asked(settings, '/metrics')).text()).toContain(
        'tapgrid_breaker_cause{cause="books_gone",severity="open"} 1',
      );
      expect(server.log()).toMatch(/"level":"fatal".*THE BOOKS ARE GONE/);
      expect((await trader.tap()).answer.error!.code).toBe('halted');
      // Nothing is written any more, here or there.
      const chain = async () => (await (await asked(settings, '/healthz')).json()).chain;
      const ended = await chain();
      await Bun.sleep(500);
      expect(await chain()).toEqual(ended);
      expect(await server.stop()).toBe(0);
      // Whatever stands there now, none of it was written by this one.
      const isEmpty = /data is gone|tapgrid\\\.db is gone/.test(why.source);
      expect(existsSync(join(settings.DATA_DIR, DATABASE_FILE))).toBe(!isEmpty);
      expect(existsSync(join(settings.DATA_DIR, 'noted-head.json'))).toBe(false);
    },
    60_000,
  );
});

test('a house whose folder is deleted comes back with every bet that was acknowledged', async () => {
  const settings = { ...settingsOf('story'), PORT: String(freePort()) };
  const { DATA_DIR: dataDir, BACKUP_DIR: backupDir } = settings;
  const server = await serve(settings);
  await until(() => takesTaps(settings));
  const trader = await apiTrader(server.origin);
  const sent = [await trader.taken()];
  expect(await backup(settings, 'run')).toMatchObject({ code: 0 });
  const [snapshot] = (await listSnapshots(new DirectoryStore(backupDir))).filter(isWhole);
  const tail = Bun.spawn([process.execPath, 'scripts/tapgrid.ts', 'backup', 'tail'], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  running.push(tail);
  const error = new Response(tail.stderr).text();
  await until(() => existsSync(join(backupDir, 'tail')));
  sent.push(await trader.taken());
  // Under a trader who goes on tapping until nothing is taken any more.
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name), { recursive: true });
  for (let halted = false; !halted; ) {
    const tapped = await trader.tap();
    if (accepted(tapped.answer).length > 0) sent.push(tapped);
    halted = tapped.answer.error?.code === 'halted';
    // So many requests a second are allowed.
    await Bun.sleep(150);
  }
  expect(await tail.exited).toBe(1);
  expect(await error).toMatch(/THE BOOKS ARE GONE.*tapgrid\.db is gone/);
  expect(await backup(settings, 'run')).toMatchObject({
    code: 2,
    error: expect.stringContaining('There are no books in'),
  });
  await server.stop();
  expect(existsSync(join(dataDir, DATABASE_FILE))).toBe(false);

  // No fresh house takes its place, and so none its backups.
  expect(await startServer(settings)).toMatchObject({
    code: 3,
    error: expect.stringContaining(`house ${snapshot!.house}`),
  });
  expect((await listSnapshots(new DirectoryStore(backupDir))).filter(isWhole)).toEqual([snapshot!]);

  rmSync(dataDir, { recursive: true, force: true });
  expect(await restore(settings, '--from', backupDir, '--to', dataDir)).toMatchObject({ code: 0 });
  await serve(settings);
  await until(async () => (await asked(settings, '/healthz')).ok);
  for (const { order, answer } of sent) {
    const replayed = await trader.send(order);
    expect([replayed.replayed, accepted(replayed)]).toEqual([true, accepted(answer)]);
  }
}, 120_000);
