import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  statSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from 'bun:sqlite';
import { compose } from '../../server/compose.ts';
import { SETTINGS_HINT } from '../../server/config-text.ts';
import { loadConfig } from '../../server/config.ts';
import { lockDirectory } from '../../server/store/directory-lock.ts';
import { diskBytes } from '../../server/upkeep/disk.ts';
import { createLog } from '../../server/upkeep/log.ts';
import { tapgrid } from '../../test/stage/command.ts';
import { folder } from './books.ts';
import { CHECKS, FOLLOWS_FROM, type Check } from './check.ts';
import { diagnose } from './doctor.ts';
import { causesFirst, diagnosisText } from './order.ts';

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
    if (tries > 3_600) throw new Error('no price came');
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
  const checks = await diagnose(env, {
    credentials: join(dataDir, 'credentials'),
    installedList: join(dataDir, 'installed.sha256'),
  });
  if (typeof undo === 'function') await undo();
  for (const { state, todo } of checks)
    expect([state, (todo ?? '').length > 0]).toEqual([state, state !== 'well']);
  return Object.fromEntries(
    checks
      .filter(({ name }) => !['clock', 'files'].includes(name))
      .map(({ name, state, says }) => [name, `${state}: ${says}`]),
  );
}

test('an installation at rest: the house is down, and what does not exist is said', async () => {
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
    server: 'wrong',
    secrets: 'well',
    chains: 'warn',
    feed: 'warn',
    token: 'warn',
    redis: 'well',
    backups: expect.any(String),
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
      /^wrong: .*is not a folder/,
    ],
    [
      'a folder that does not exist',
      (dataDir) => rmSync(dataDir, { recursive: true }),
      'data',
      /^wrong: .*does not exist/,
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
      /^wrong: .*does not exist; .* has traces of a house/,
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
      /^wrong: a process has .* open but does not answer/,
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
      'secrets',
      /^wrong: other users can read or change the operator’s token \(.*token, mode 644\)/,
    ],
    [
      'secrets that others can read',
      (dataDir) => secretAt(dataDir, 'BACKUP_S3_SECRET', 0o640),
      'secrets',
      /^wrong: other users can read or change BACKUP_S3_SECRET \(.*credentials\/BACKUP_S3_SECRET, mode 640\)/,
    ],
    [
      'a folder of secrets that others can look into',
      (dataDir) => (secretAt(dataDir, 'REDIS_URL', 0o600), chmodSync(join(dataDir, 'credentials'), 0o755)),
      'secrets',
      /^wrong: other users can read or change the folder of secrets/,
    ],
    [
      'a file of settings with a secret in it that everybody can read',
      (dataDir, env) =>
        settingsAt(env, join(dataDir, 'tapgrid.env'), 'BACKUP_S3_SECRET=a-long-secret', 0o644),
      'secrets',
      /^wrong: other users can read or change BACKUP_S3_SECRET \(.*tapgrid\.env, mode 644\)/,
    ],
    [
      'a file of settings without a secret',
      (dataDir, env) => settingsAt(env, join(dataDir, 'tapgrid.env'), 'LOG_LEVEL=info', 0o644),
      'secrets',
      /^well: /,
    ],
    [
      'a file of operators that the group can write',
      (dataDir, env) => {
        env.OPERATORS_FILE = join(dataDir, 'operators');
        writeFileSync(env.OPERATORS_FILE, '');
        chmodSync(env.OPERATORS_FILE, 0o660);
      },
      'secrets',
      /^wrong: other users can read or change who operates \(.*operators, mode 660\)/,
    ],
    [
      'the key of the probe that others can read',
      (dataDir) => writeFileSync(join(dataDir, 'probe.json'), '{}', { mode: 0o644 }),
      'secrets',
      /^wrong: other users can read or change the key of the probe/,
    ],
    ['files as a release put them', (dataDir) => release(dataDir), 'installed', /^well: 2 files match the/],
    [
      'a file of the release that was changed',
      (dataDir) => (release(dataDir), writeFileSync(join(dataDir, 'one.service'), '[Unit] # mine')),
      'installed',
      /^warn: changed by hand: \/[^ ,]*\/one\.service$/,
    ],
    [
      'a file of the release that is gone',
      (dataDir) => (release(dataDir), rmSync(join(dataDir, 'other.conf'))),
      'installed',
      /^wrong: missing: \/[^ ,]*\/other\.conf$/,
    ],
    [
      'a token that does not exist',
      (_, env) => (env.OPERATOR_TOKEN_FILE = '/nowhere/token'),
      'token',
      /^wrong: .*cannot be read/,
    ],
    [
      'backups on the disk of the books',
      (dataDir, env) => mkdirSync((env.BACKUP_DIR = join(dataDir, 'backups'))),
      'backups',
      /^(warn: .*on the same disk as the books|w\w+: .*GiB are free)/,
    ],
    [
      'a folder of backups that does not exist',
      (_, env) => (env.BACKUP_DIR = '/nowhere/backups'),
      'backups',
      /^wrong: .*does not exist/,
    ],
    ['a page that was overwritten', (dataDir) => overwritePage(dataDir), 'database', /^wrong: is damaged: /],
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
      /^warn: QUORM is not a setting\. Did you mean QUORUM/,
    ],
    ['a setting out of its bounds', (_, env) => (env.QUORUM = '99'), 'settings', /^wrong: QUORUM is "99"/],
    [
      'a proxy that does not exist',
      (_, env) => (env.PUBLIC_ORIGIN = 'https://localhost:1'),
      'proxy',
      /^wrong: https:\/\/localhost:1 gets no answer/,
    ],
  ])('%s', async (_, change, name, words) => expect((await found(change))[name]).toMatch(words));

  const withBooks = (dataDir: string, sql: string): void => {
    const books = new Database(join(dataDir, 'tapgrid.db'));
    books.run(sql);
    books.close();
  };
  const secretAt = (dataDir: string, name: string, mode: number): void => {
    mkdirSync(join(dataDir, 'credentials'), { mode: 0o700 });
    writeFileSync(join(dataDir, 'credentials', name), 'a-long-secret');
    chmodSync(join(dataDir, 'credentials', name), mode);
  };
  /** Two files, and the list of them as provision.sh leaves it. */
  const release = (dataDir: string): void => {
    const names = ['one.service', 'other.conf'];
    for (const name of names) writeFileSync(join(dataDir, name), name);
    const sums = Bun.spawnSync(['sha256sum', ...names.map((name) => join(dataDir, name))]).stdout.toString();
    writeFileSync(join(dataDir, 'installed.sha256'), `# release 1.2.3\n${sums}`);
  };
  const settingsAt = (env: Environment, path: string, text: string, mode: number): void => {
    writeFileSync(path, `${text}\n`);
    chmodSync(path, mode);
    env.SETTINGS_FILE = path;
  };
  const overwritePage = (dataDir: string): void => {
    const path = join(dataDir, 'tapgrid.db');
    const bytes = readFileSync(path);
    const books = new Database(path, { readonly: true });
    // A leaf of a table, which nothing that is looked at besides reads.
    const { page } = books
      .query<{ page: number }, []>(
        "SELECT rootpage AS page FROM sqlite_schema WHERE name = 'multiplier_returns'",
      )
      .get()!;
    books.close();
    writeFileSync(path, bytes.fill(0x5a, (page - 1) * 4096, page * 4096));
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

test.skipIf(process.getuid?.() !== 0)('a user who may not look at the books is told so', async () => {
  const closed = join(root, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  chmodSync(root, 0o755);
  const nobody = (dataDir: string): string =>
    Bun.spawnSync(
      [
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        'scripts/tapgrid.ts',
        'doctor',
      ],
      {
        env: {
          DATA_DIR: dataDir,
          BACKUP_DIR: join(closed, 'backups'),
          PATH: '/bin:/usr/bin',
          HOME: '/nonexistent',
        },
      },
    ).stdout.toString();
  expect(nobody(join(closed, 'data'))).toContain(`this user may not look into ${join(closed, 'data')}`);
  expect(nobody(join(closed, 'data'))).toContain(`this user may not look at ${join(closed, 'backups')}`);
});

test.skipIf(process.getuid?.() !== 0)(
  'backups that the user of the books cannot write are given to them',
  async () => {
    const dataDir = join(root, 'of-another');
    const [folder, env] = [join(dataDir, 'backups'), { DATA_DIR: dataDir, FEED: 'walk:1', BACKUP_DIR: '' }];
    cpSync(sound, dataDir, { recursive: true });
    mkdirSync((env.BACKUP_DIR = folder), { mode: 0o755 });
    chownSync(dataDir, 970, 970);
    const found = async () => (await diagnose(env)).find(({ name }) => name === 'backups')!;
    const { state, says, fix } = await found();
    expect([state, says]).toEqual([
      'wrong',
      `${folder} belongs to user 0; user 970, who owns the books, cannot write to it`,
    ]);
    await fix!.carryOut();
    expect([statSync(folder).uid, (await found()).fix]).toEqual([970, undefined]);
  },
);

// A mount point of every Linux, without books and open to all.
test.skipIf(!existsSync('/dev/shm'))('a disk that is mounted over the books comes before its mode', () => {
  const loaded = loadConfig({ DATA_DIR: '/dev/shm' });
  if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
  const says = (runs: boolean, gone: string | null) =>
    folder(loaded.ok, runs, gone).map((check) => check.says);
  expect(says(true, '/dev/shm is on another file system now')).toEqual([
    expect.stringContaining('/dev/shm is on another file system now while the server runs'),
  ]);
  expect(says(false, null).join()).toContain('mode 777');
  // A disk of their own from which they were deleted: what the server says is of the file.
  expect(says(true, '/dev/shm/tapgrid.db is gone').join()).toContain('mode 777');
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
  expect(await said()).toMatch(/^wrong: no answer on .*operations\.sock \(health and metrics\)/);
  const stranger = Bun.serve({ unix: place, fetch: () => new Response('hello') });
  expect(await said()).toMatch(/^wrong: something else answers on .*operations\.sock \(status 200\)/);
  await stranger.stop(true);
  await tapgrid.stop();
}, 120_000);

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
    ['days-60.pem', /^well: its certificate expires in (59|60) days/],
    ['days-5.pem', /^warn: its certificate expires in [45] days/],
    ['own.pem', /^warn: it answers with a self-signed certificate/],
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

const check = (name: Check['name'], state: Check['state'], more: Partial<Check> = {}): Check => ({
  name,
  state,
  says: name,
  ...(state !== 'well' && { todo: 'c' }),
  ...more,
});

test('what is wrong comes first, the cause before what follows from it, and the words begin with it', () => {
  const heard = causesFirst([
    check('bun', 'well'),
    check('archive', 'wrong'),
    check('chains', 'wrong'),
    check('token', 'warn'),
    check('server', 'wrong'),
    check('data', 'wrong'),
    check('clock', 'well'),
  ]);
  expect(heard.map(({ name, follows }) => [name, follows ?? null])).toEqual([
    ['data', null],
    ['server', 'data'],
    ['chains', 'data'],
    ['archive', 'data'],
    ['token', null],
    ['bun', null],
    ['clock', null],
  ]);
  expect(diagnosisText(heard.slice(0, 2))).toBe(
    '  WRONG  data        data\n                     → c\n  WRONG  server      server (see data)\n' +
      '                     → c\n\n2 errors, 0 warnings. Start with: data.\n',
  );
});

test('a cause stands before its consequences in the list, so that none is told after what follows from it', () => {
  for (const [name, causes] of Object.entries(FOLLOWS_FROM))
    for (const cause of causes)
      expect([name, cause, CHECKS.indexOf(cause) < CHECKS.indexOf(name as Check['name'])]).toEqual([
        name,
        cause,
        true,
      ]);
});

describe('the tail and the room for backups', () => {
  const house = (name: string): { dataDir: string; env: Environment } => {
    const dataDir = join(root, name);
    cpSync(sound, dataDir, { recursive: true });
    chmodSync(dataDir, 0o700);
    return { dataDir, env: { DATA_DIR: dataDir, FEED: 'walk:1', PORT: '0' } };
  };
  const said = async (env: Environment, wanted: string): Promise<string> =>
    (await diagnose(env))
      .filter(({ name }) => name === wanted)
      .map(({ state, says }) => `${state}: ${says}`)
      .join();

  test('a tail that stands still while the server commits', async () => {
    const { dataDir, env } = house('tailed');
    const loaded = loadConfig(env);
    if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
    const running = await compose(loaded.ok, createLog('silent'), () => {});
    mkdirSync(join(dataDir, 'jobs'), { recursive: true });
    expect(await said(env, 'tail')).toMatch(/^warn: never shipped anything/);
    const sent = (secondsAgo: number): void =>
      writeFileSync(
        join(dataDir, 'jobs/tail.prom'),
        `tapgrid_tail_last_sent_timestamp_seconds ${Date.now() / 1000 - secondsAgo}\n`,
      );
    sent(3);
    expect(await said(env, 'tail')).toMatch(/^well: \d+ s behind/);
    sent(90);
    expect(await said(env, 'tail')).toMatch(/^wrong: (9\d) s behind/);
    // The file of the books goes, and the server does not notice: it is the first thing that is said.
    renameSync(join(dataDir, 'tapgrid.db'), join(dataDir, 'aside.db'));
    const [first] = await diagnose(env);
    expect([first!.name, first!.says]).toEqual([
      'database',
      expect.stringContaining('tapgrid.db is gone while the server runs'),
    ]);
    renameSync(join(dataDir, 'aside.db'), join(dataDir, 'tapgrid.db'));
    await running.stop();
  }, 60_000);

  test('a disk with less room than a snapshot needs', async () => {
    const { dataDir, env } = house('large');
    // A file that is larger than what is free, without taking any of it.
    const { totalBytes } = diskBytes(dataDir);
    truncateSync(join(dataDir, 'tapgrid.db'), totalBytes);
    expect(await said(env, 'backups')).toMatch(
      /^wrong: no space: [\d.]+ GiB are free for backups of books of/,
    );
  });
});

test('--fix does what cannot lose anything and tells each step; the second time there is nothing to do', async () => {
  const dataDir = join(root, 'to-fix');
  cpSync(sound, dataDir, { recursive: true });
  chmodSync(dataDir, 0o755);
  const backups = join(root, 'missing-backups');
  const token = join(dataDir, 'token');
  writeFileSync(token, 't'.repeat(30), { mode: 0o644 });
  chmodSync(token, 0o644);
  const env = { DATA_DIR: dataDir, FEED: 'walk:1', BACKUP_DIR: backups, OPERATOR_TOKEN_FILE: token };
  const dry = JSON.parse((await tapgrid(['doctor', '--json'], { env })).out);
  expect(dry.flatMap(({ fix }: { fix?: string }) => fix ?? [])).toEqual([
    `chmod 700 ${dataDir}`,
    `chmod 640 ${token}`,
    `install -d -m 0700 ${backups}`,
  ]);
  expect(statSync(dataDir).mode & 0o777).toBe(0o755);
  const { out, code } = await tapgrid(['doctor', '--fix'], { env });
  expect(out).toStartWith(
    `  done    data        chmod 700 ${dataDir}\n  done    secrets     chmod 640 ${token}\n` +
      `  done    backups     install -d -m 0700 ${backups}\n\n`,
  );
  expect([code, statSync(dataDir).mode & 0o777, statSync(token).mode & 0o777]).toEqual([1, 0o700, 0o640]);
  expect(statSync(backups).mode & 0o777).toBe(0o700);
  expect((await tapgrid(['doctor', '--fix'], { env })).out).toStartWith('Nothing to repair automatically.\n');
});

/** A service manager as it answers, for what the unit tests cannot boot; deploy/systemd boots a real one. */
describe('what systemd says', () => {
  const states = async (units: Record<string, string>, journal = '') => {
    const bin = mkdtempSync(join(root, 'bin-'));
    const cases = Object.entries(units)
      .map(([name, text]) => `  ${name}) printf '${text.replaceAll(' ', '\\n')}\\n' ;;`)
      .join('\n');
    writeFileSync(
      join(bin, 'systemctl'),
      `#!/bin/sh\n[ "$1" = show ] || { echo "$@" >>${bin}/done; exit 0; ` +
        `}\ncase "$2" in\n${cases}\n  *) echo LoadState=not-found ;;\nesac\n`,
      { mode: 0o755 },
    );
    writeFileSync(join(bin, 'journalctl'), `#!/bin/sh\ncat <<'END'\n${journal}\nEND\n`, { mode: 0o755 });
    const env = { DATA_DIR: sound, FEED: 'walk:1', PATH: `${bin}:/bin:/usr/bin` };
    const all = await diagnose(env);
    const checks = all.filter(({ name }) => name === 'unit' || name === 'timers');
    return { bin, all, checks, said: checks.map(({ name, state, says }) => `${name} ${state}: ${says}`) };
  };
  const WELL = 'LoadState=loaded ActiveState=active SubState=running UnitFileState=enabled NRestarts=0';
  const TIMER = 'LoadState=loaded ActiveState=active SubState=waiting UnitFileState=enabled';

  test('all at work', async () =>
    expect(
      (
        await states({
          'tapgrid.service': WELL,
          'tapgrid-tail.service': WELL,
          'tapgrid-backup.timer': `${TIMER} NextElapseUSecRealtime=Mon`,
        })
      ).said,
    ).toEqual(['unit well: active, starts with the machine', 'timers well: 2 running']));

  test('a start loop, with the last words of the server', async () =>
    expect(
      (
        await states(
          {
            'tapgrid.service':
              'LoadState=loaded ActiveState=activating SubState=auto-restart UnitFileState=enabled ' +
              'NRestarts=7 Result=exit-code ExecMainStatus=2',
          },
          `One setting is wrong:\n  QUORUM is "99"; expected 1 to 6.\n${SETTINGS_HINT}\n` +
            '{"level":"info","msg":"stopping"}\ntapgrid.service: ' +
            'Scheduled restart job.',
        )
      ).said,
    ).toEqual([
      'unit wrong: it keeps crashing: 7 restarts (exit-code, exit code 2: ' +
        'a setting is wrong). Last words: QUORUM is "99"; expected 1 to 6.',
    ]));

  test('a start loop in the middle of a start does not say that it ended well', async () => {
    const { said } = await states({
      'tapgrid.service':
        'LoadState=loaded ActiveState=activating SubState=start UnitFileState=enabled NRestarts=4 ' +
        'Result=success ExecMainStatus=0',
    });
    expect(said).toEqual(['unit wrong: it keeps crashing: 4 restarts.']);
  });

  test('a job whose timer waits has not run yet, and one without a timer never did', async () => {
    const { all } = await states({ 'tapgrid-archive.timer': `${TIMER} NextElapseUSecRealtime=Mon` });
    expect(all.filter(({ name }) => name === 'archive' || name === 'backup')).toMatchObject([
      { name: 'backup', todo: 'systemctl enable --now tapgrid-backup.timer' },
      {
        name: 'archive',
        says: 'has not run yet; its timer waits',
        todo: 'Nothing, or run it now: systemctl start tapgrid-archive.',
      },
    ]);
  });

  test('given up, stopped, not enabled', async () => {
    const one = async (text: string) => (await states({ 'tapgrid.service': text })).said[0];
    expect(
      await one('LoadState=loaded ActiveState=failed SubState=failed Result=oom-kill ExecMainStatus=9'),
    ).toStartWith('unit wrong: systemd has given up (oom-kill, exit code 9).');
    expect(await one('LoadState=loaded ActiveState=inactive SubState=dead')).toBe(
      'unit wrong: it is stopped',
    );
    expect(await one(WELL.replace('enabled', 'disabled'))).toBe(
      'unit warn: active, does not start with the machine',
    );
  });

  test('timers that were never started are, by --fix', async () => {
    const { checks, said, bin } = await states({
      'tapgrid-backup.timer': 'LoadState=loaded ActiveState=inactive SubState=dead UnitFileState=enabled',
      'tapgrid-archive.timer': `${TIMER} NextElapseUSecMonotonic=infinity`,
    });
    expect(said).toEqual(['timers wrong: not running: tapgrid-backup.timer tapgrid-archive.timer']);
    await checks[0]!.fix!.carryOut();
    expect(readFileSync(join(bin, 'done'), 'utf8')).toBe(
      'enable --now tapgrid-backup.timer tapgrid-archive.timer\n',
    );
  });
});
