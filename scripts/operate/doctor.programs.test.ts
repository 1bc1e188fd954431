import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from 'bun:sqlite';
import { compose } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';
import { lockDirectory } from '../../server/store/directory-lock.ts';
import { createLog } from '../../server/upkeep/log.ts';
import { diagnose, diagnosisText } from './doctor.ts';

/** An installation that is right but for what a test breaks; no server runs on it. */

const root = mkdtempSync(join(tmpdir(), 'tapgrid-doctor-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Environment = Record<string, string>;
const sound = join(root, 'sound');
beforeAll(async () => {
  const loaded = loadConfig({ DATA_DIR: sound, FEED: 'walk:1', PORT: '0' });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const tapgrid = await compose(loaded.ok, createLog('silent'), (cause) => {
    throw cause;
  });
  for (let tries = 0; (await fetch(`${tapgrid.origin}/api/v1/grid`)).status !== 200; tries++) {
    if (tries > 400) throw new Error('no price came');
    await Bun.sleep(25);
  }
  await tapgrid.stop();
});

let count = 0;
/**
 * What is found, but for what is the same everywhere: this machine's clock, its limits, and that no server
 * runs.
 */
async function found(
  change: (dataDir: string, env: Environment) => unknown,
): Promise<Record<string, string>> {
  const dataDir = join(root, `house-${count++}`);
  cpSync(sound, dataDir, { recursive: true });
  chmodSync(dataDir, 0o700);
  const env: Environment = { DATA_DIR: dataDir, FEED: 'walk:1' };
  const undo = await change(dataDir, env);
  const checks = await diagnose(env);
  if (typeof undo === 'function') await undo();
  for (const { state, todo } of checks)
    expect([state, (todo ?? '').length > 0]).toEqual([state, state !== 'well']);
  return Object.fromEntries(
    checks
      .filter(({ name }) => !['clock', 'files'].includes(name))
      .map(({ name, state, says }) => [name, `${state}: ${says}`]),
  );
}

test('an installation at rest: nothing is wrong, and what is not there is said', async () => {
  const states = Object.fromEntries(
    Object.entries(await found(() => {})).map(([name, said]) => [name, said.split(':')[0]!]),
  );
  expect(states).toEqual({
    bun: 'well',
    sqlite: 'well',
    settings: 'well',
    origin: 'warn',
    data: 'well',
    disk: expect.any(String),
    database: 'well',
    migrations: 'well',
    server: 'warn',
    chains: 'warn',
    feed: 'warn',
    token: 'warn',
    redis: 'well',
    backups: 'warn',
    history: 'warn',
    backup: 'warn',
    integrity: 'warn',
    archive: 'warn',
  } as never);
});

describe('what is broken is named', () => {
  test.each<[string, (dataDir: string, env: Environment) => unknown, string, RegExp]>([
    ['a folder that is open to others', (dataDir) => chmodSync(dataDir, 0o755), 'data', /^wrong: .*mode 755/],
    [
      'a folder that is a file',
      (dataDir) => (rmSync(dataDir, { recursive: true }), writeFileSync(dataDir, '')),
      'data',
      /^wrong: .*is no folder/,
    ],
    [
      'a folder that is not there',
      (dataDir) => rmSync(dataDir, { recursive: true }),
      'data',
      /^wrong: .*is not there/,
    ],
    [
      'books that were cut off',
      (dataDir) => truncateSync(join(dataDir, 'tapgrid.db'), 8192),
      'database',
      /^wrong: cannot be opened/,
    ],
    [
      'books that are something else',
      (dataDir) => writeFileSync(join(dataDir, 'tapgrid.db'), 'no books at all'.repeat(1000)),
      'database',
      /^wrong: cannot be opened/,
    ],
    [
      'books that are not there',
      (dataDir) => rmSync(join(dataDir, 'tapgrid.db')),
      'database',
      /^wrong: .*is not there; .* which a house left there/,
    ],
    [
      'books of a later version',
      (dataDir) =>
        withBooks(
          dataDir,
          "INSERT INTO migrations SELECT '20991231000000_later', hash, applied_at FROM migrations LIMIT 1",
        ),
      'migrations',
      /^wrong: .*20991231000000_later/,
    ],
    [
      'a process that has the folder and does not answer',
      (dataDir) => {
        const lock = lockDirectory(dataDir);
        return () => lock.release();
      },
      'server',
      /^wrong: a process has .* open and does not answer/,
    ],
    [
      'a Redis that is away',
      (_, env) => (env.REDIS_URL = 'redis://127.0.0.1:1'),
      'redis',
      /^warn: connect ECONNREFUSED|^warn: /,
    ],
    [
      'a token that is short',
      (dataDir, env) => tokenAt(env, join(dataDir, 'token'), 'short', 0o600),
      'token',
      /^wrong: .*too short/,
    ],
    [
      'a token that everybody can read',
      (dataDir, env) => tokenAt(env, join(dataDir, 'token'), 't'.repeat(30), 0o644),
      'token',
      /^wrong: everybody can read/,
    ],
    [
      'a token that is not there',
      (_, env) => (env.OPERATOR_TOKEN_FILE = '/nowhere/token'),
      'token',
      /^wrong: .*cannot be read/,
    ],
    [
      'backups on the disk of the books',
      (dataDir, env) => mkdirSync((env.BACKUP_DIR = join(dataDir, 'backups'))),
      'backups',
      /^warn: .*on the disk of the books/,
    ],
    [
      'a folder of backups that is not there',
      (_, env) => (env.BACKUP_DIR = '/nowhere/backups'),
      'backups',
      /^wrong: .*is no folder/,
    ],
    [
      'a job that failed',
      (dataDir) => job(dataDir, 'backup.failed', 0),
      'backup',
      /^wrong: the last run failed/,
    ],
    [
      'a job that has not run for days',
      (dataDir) => job(dataDir, 'integrity.success', 72),
      'integrity',
      /^wrong: last success 72 h ago/,
    ],
    [
      'a job that ran',
      (dataDir) => job(dataDir, 'archive.success', 48),
      'archive',
      /^well: last success 48 h ago/,
    ],
    [
      'a setting that is misspelt',
      (_, env) => (env.QUORM = '2'),
      'settings',
      /^warn: QUORM is not a setting; is QUORUM meant/,
    ],
    ['a setting out of its bounds', (_, env) => (env.QUORUM = '99'), 'settings', /^wrong: QUORUM is "99"/],
    [
      'a proxy that is not there',
      (_, env) => (env.PUBLIC_ORIGIN = 'https://localhost:1'),
      'proxy',
      /^wrong: https:\/\/localhost:1 is not answered/,
    ],
  ])('%s', async (_, change, name, words) => expect((await found(change))[name]).toMatch(words));

  const withBooks = (dataDir: string, sql: string): void => {
    const books = new Database(join(dataDir, 'tapgrid.db'));
    books.run(sql);
    books.close();
  };
  const tokenAt = (env: Environment, path: string, text: string, mode: number): void => {
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
    env.OPERATOR_TOKEN_FILE = path;
  };
  const job = (dataDir: string, name: string, hoursAgo: number): void => {
    mkdirSync(join(dataDir, 'jobs'), { recursive: true });
    const at = Date.now() / 1000 - hoursAgo * 3600;
    writeFileSync(join(dataDir, 'jobs', name), '');
    utimesSync(join(dataDir, 'jobs', name), at, at);
  };
});

test('the place of health and metrics is looked at while a server runs', async () => {
  const dataDir = join(root, 'running');
  cpSync(sound, dataDir, { recursive: true });
  chmodSync(dataDir, 0o700);
  const env: Environment = { DATA_DIR: dataDir, FEED: 'walk:1', PORT: '0' };
  const loaded = loadConfig(env);
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const tapgrid = await compose(loaded.ok, createLog('silent'), (cause) => {
    throw cause;
  });
  const said = async (): Promise<string> =>
    (await diagnose(env))
      .filter(({ name }) => name === 'operations')
      .map(({ state, says }) => `${state}: ${says}`)
      .join();
  const place = join(dataDir, 'operations.sock');
  expect(await said()).toBe(`well: health and metrics on ${place}`);
  rmSync(place);
  expect(await said()).toMatch(/^wrong: nobody answers on .*operations\.sock, where health and metrics are/);
  const stranger = Bun.serve({ unix: place, fetch: () => new Response('hello') });
  expect(await said()).toMatch(/^wrong: .*operations\.sock is answered by something else \(status 200\)/);
  await stranger.stop(true);
  await tapgrid.stop();
}, 30_000);

describe.skipIf(Bun.which('openssl') === null)('the certificate of the proxy', () => {
  const openssl = (...words: string[]): void =>
    expect(Bun.spawnSync(['openssl', ...words], { cwd: root }).exitCode).toBe(0);
  beforeAll(() => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '90',
      '-subj',
      '/CN=Authority',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=localhost',
      '-keyout',
      'key.pem',
      '-out',
      'request.pem',
    );
    openssl('req', '-x509', '-key', 'key.pem', '-days', '90', '-subj', '/CN=localhost', '-out', 'own.pem');
    for (const days of ['60', '5'])
      openssl(
        'x509',
        '-req',
        '-in',
        'request.pem',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-days',
        days,
        '-out',
        `days-${days}.pem`,
      );
  });

  test.each([
    ['days-60.pem', /^well: its certificate ends in (59|60) days/],
    ['days-5.pem', /^warn: its certificate ends in [45] days/],
    ['own.pem', /^warn: it answers with a certificate of our own making/],
  ])('%s', async (name, words) => {
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      tls: { key: Bun.file(join(root, 'key.pem')), cert: Bun.file(join(root, name)) },
      fetch: () => new Response(),
    });
    const said = await found((_, env) => (env.PUBLIC_ORIGIN = `https://localhost:${server.port}`));
    await server.stop(true);
    expect(said.proxy).toMatch(words);
  });
});

test('the words for people count what is wrong', async () => {
  const text = diagnosisText([
    { name: 'one', state: 'well', says: 'a' },
    { name: 'two', state: 'wrong', says: 'b', todo: 'c' },
  ]);
  expect(text).toBe(
    '  ok     one         a\n  WRONG  two         b\n                     → c\n\n1 wrong, ' +
      '0 to think about.\n',
  );
});
