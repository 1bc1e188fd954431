import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import manifest from '../package.json';

/**
 * Scenarios over a project in a folder with a space, on a machine whose PATH holds the plainest commands and
 * nothing else.
 */
const PLAIN_COMMANDS = ['sh', 'sed', 'head', 'cksum', 'dirname', 'mkdir', 'cat', 'uname', 'rm'];
const ROOT = join(import.meta.dir, '..');

let folder: string;
let project: string;
let plain: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'with-bun-'));
  project = join(folder, 'tap grid');
  plain = join(folder, 'commands');
  for (const made of [join(project, 'scripts'), join(project, 'node_modules'), plain])
    await mkdir(made, { recursive: true });
  for (const command of PLAIN_COMMANDS) await symlink(Bun.which(command)!, join(plain, command));
  for (const file of ['package.json', 'bun.lock', 'scripts/with-bun.sh'])
    await cp(join(ROOT, file), join(project, file));
  await Bun.write(
    join(project, 'node_modules/.tapgrid-lock'),
    Bun.spawnSync(['cksum'], { stdin: Bun.file(join(ROOT, 'bun.lock')) }).stdout,
  );
  await Bun.write(
    join(project, 'scripts/echo.ts'),
    `const words = process.argv.slice(2);
     if (words[0] === 'wait') { process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); }
     console.log(JSON.stringify({ words, version: Bun.version, child: Bun.which('bun') !== null }));
     if (words[0] === 'fail') process.exit(5);`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const start = (path: string, words: readonly string[], home = folder) =>
  Bun.spawn([join(plain, 'sh'), join(project, 'scripts/with-bun.sh'), ...words], {
    cwd: folder,
    env: { PATH: path, HOME: home },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });

async function finished(
  child: ReturnType<typeof start>,
): Promise<{ out: string; err: string; exitCode: number }> {
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { out, err, exitCode: await child.exited };
}

const withBun = (): string => `${dirname(process.execPath)}:${plain}`;

test('the pinned version is the one that runs here', () => expect(manifest.engines.bun).toBe(Bun.version));

test('words go through unchanged, and nothing else is said', async () => {
  const { out, err, exitCode } = await finished(start(withBun(), ['scripts/echo.ts', 'a b', '$HOME', '']));
  expect(JSON.parse(out)).toEqual({
    words: ['a b', '$HOME', ''],
    version: manifest.engines.bun,
    child: true,
  });
  expect([err, exitCode]).toEqual(['', 0]);
});

test('a home that is not there is no obstacle', async () =>
  expect((await finished(start(withBun(), ['scripts/echo.ts'], '/nonexistent'))).exitCode).toBe(0));

test('the exit code goes through', async () =>
  expect((await finished(start(withBun(), ['scripts/echo.ts', 'fail']))).exitCode).toBe(5));

test('a signal reaches the script', async () => {
  const child = start(withBun(), ['scripts/echo.ts', 'wait']);
  await child.stdout.getReader().read();
  child.kill('SIGTERM');
  expect(await child.exited).toBe(7);
});

test('a fetched Bun is used where the PATH has none', async () => {
  const bin = join(project, '.tools/node_modules/@oven/bun-here/bin');
  await mkdir(bin, { recursive: true });
  await symlink(process.execPath, join(bin, 'bun'));
  const { out, err } = await finished(start(plain, ['scripts/echo.ts']));
  await rm(join(project, '.tools'), { recursive: true });
  expect(JSON.parse(out)).toMatchObject({ version: manifest.engines.bun, child: true });
  expect(err).toBe('');
});

test('without npm and without a Bun it says what is missing', async () => {
  const { out, err, exitCode } = await finished(start(plain, ['scripts/echo.ts']));
  expect([out, exitCode]).toEqual(['', 1]);
  expect(err).toBe(
    `tapgrid: Bun ${manifest.engines.bun} is needed, and neither npm (with Node) nor a Bun to fetch it ` +
      `with is on the PATH.\n`,
  );
});

test('without a script it says how it is called', async () => {
  const { err, exitCode } = await finished(start(withBun(), []));
  expect([exitCode, err]).toEqual([1, 'tapgrid: usage: sh scripts/with-bun.sh <script> [arguments…]\n']);
});

describe('which packages are installed', () => {
  /** A Bun that notes with what it was asked to install, and runs no script. */
  const NOTING_BUN = `#!/bin/sh
case $1 in
  --version) echo ${manifest.engines.bun} ;;
  install) echo "$*" >>installs ;;
esac
`;
  const ALL = 'install --frozen-lockfile --no-progress';
  const PRODUCTION = `${ALL} --production --omit=peer`;

  /** Runs the scripts one after the other in a fresh project. @returns the installations of each */
  async function installsOf(...scripts: string[]): Promise<string[][]> {
    const home = await mkdtemp(join(folder, 'installs-'));
    for (const made of ['scripts', 'bin', 'node_modules']) await mkdir(join(home, made));
    for (const file of ['package.json', 'bun.lock', 'scripts/with-bun.sh'])
      await cp(join(ROOT, file), join(home, file));
    await Bun.write(join(home, 'bin/bun'), NOTING_BUN);
    await chmod(join(home, 'bin/bun'), 0o755);
    const installs: string[][] = [];
    for (const script of scripts) {
      if (script === 'a new lock file') {
        await Bun.write(join(home, 'bun.lock'), `${await Bun.file(join(home, 'bun.lock')).text()}\n`);
        continue;
      }
      await Bun.write(join(home, 'installs'), '');
      const child = Bun.spawn([join(plain, 'sh'), join(home, 'scripts/with-bun.sh'), script], {
        env: { PATH: `${join(home, 'bin')}:${plain}`, HOME: folder },
        stdin: 'ignore',
        stderr: 'ignore',
      });
      expect(await child.exited).toBe(0);
      installs.push((await Bun.file(join(home, 'installs')).text()).split('\n').filter(Boolean));
    }
    return installs;
  }

  test.each<[string, string[], string[][]]>([
    ['a start takes no developer tools', ['server/main.ts', 'server/main.ts'], [[PRODUCTION], []]],
    ['an operator neither', ['scripts/backup.ts'], [[PRODUCTION]]],
    ['a test takes all', ['scripts/test.ts', 'scripts/check.ts', 'test'], [[ALL], [], []]],
    ['a test after a start adds', ['server/main.ts', 'scripts/test.ts'], [[PRODUCTION], [ALL]]],
    ['a start after a test is content', ['scripts/test.ts', 'server/main.ts'], [[ALL], []]],
    [
      'who had all keeps all with a new lock file',
      ['scripts/test.ts', 'a new lock file', 'server/main.ts'],
      [[ALL], [ALL]],
    ],
    [
      'who had the least keeps to it with a new lock file',
      ['server/main.ts', 'a new lock file', 'server/main.ts'],
      [[PRODUCTION], [PRODUCTION]],
    ],
  ])('%s', async (_, scripts, installs) => expect(await installsOf(...scripts)).toEqual(installs));
});
