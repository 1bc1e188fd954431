import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The real script with real releases and the real server; only systemctl is a small stand-in, which starts
 * and stops the server as the unit says.
 */

const ROOT = join(import.meta.dir, '..');
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-deploy-'));
const [base, data, socket] = [join(folder, 'opt'), join(folder, 'data'), join(folder, 'http.sock')];
const SYSTEMCTL = `#!/bin/bash
echo "$*" >>'${folder}/systemctl.log'
pid=$(cat '${folder}/pid' 2>/dev/null || echo 0)
alive() { [ "$pid" != 0 ] && kill -0 "$pid" 2>/dev/null; }
case "$*" in
  'start tapgrid')
    cd '${base}/current' || exit 1
    rm -f '${folder}/failed'
    FEED=walk:1 LOG_LEVEL=error DATA_DIR='${data}' LISTEN_SOCKET='${socket}' '${process.execPath}' server/main.ts >>'${folder}/server.log' 2>&1 </dev/null &
    pid=$!
    echo $pid >'${folder}/pid'
    for i in $(seq 1200); do
      curl -s -o /dev/null --unix-socket '${socket}' http://localhost/readyz && exit 0
      if ! alive; then touch '${folder}/failed'; exit 1; fi
      sleep 0.05
    done; exit 1 ;;
  'stop tapgrid') if alive; then kill -TERM "$pid"; while alive; do sleep 0.05; done; fi; rm -f '${folder}/failed' '${folder}/pid' ;;
  'is-failed --quiet tapgrid') [ -e '${folder}/failed' ] || { [ "$pid" != 0 ] && ! alive; } ;;
  'show --value -p MainPID tapgrid') if alive; then echo "$pid"; else echo 0; fi ;;
esac
`;

beforeAll(() => {
  for (const path of ['bin', 'opt/bun/current', 'opt/releases', 'data'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'bin/systemctl'), SYSTEMCTL, { mode: 0o755 });
  // The stand-in for runuser: the test is its own user.
  writeFileSync(join(folder, 'bin/id'), '#!/bin/sh\nif [ "$1" = -u ]; then echo 1000; else exit 1; fi\n', {
    mode: 0o755,
  });
  symlinkSync(process.execPath, join(base, 'bun/current/bun'));
});
afterAll(() => {
  run(['systemctl', 'stop', 'tapgrid']);
  rmSync(folder, { recursive: true, force: true });
});

function run(words: readonly string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], {
    env: {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      TAPGRID_ROOT: base,
      TAPGRID_DATA: data,
      TAPGRID_SOCKET: socket,
      TAPGRID_READY_SECONDS: '90',
      TAPGRID_SETTLE_SECONDS: '1',
      TAPGRID_ENVIRONMENT: join(folder, 'none'),
      LOG_LEVEL: 'error',
    },
  });
  return { exitCode, text: `${stdout}${stderr}` };
}
const deploy = (...words: string[]) => run(['bash', join(import.meta.dir, 'deploy.sh'), ...words]);

/** A release is the code of this checkout with its packages linked, changed by `change`. */
function release(
  name: string,
  change: (edit: (path: string, from: string, to: string) => void, path: string) => void = () => {},
): string {
  const path = join(folder, name);
  for (const part of [
    'server',
    'views',
    'static',
    'migrations',
    'deploy',
    'package.json',
    'tsconfig.json',
    'bunfig.toml',
  ])
    cpSync(join(ROOT, part), join(path, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'));
  change((file, from, to) => {
    const text = readFileSync(join(path, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(
      join(path, file),
      text.replace(from, () => to),
    );
  }, path);
  return path;
}
const FALLS_OVER = ['server/main.ts', 'notify(`READY=1', 'process.exit(70);\n  notify(`READY=1'] as const;
const addMigration = (edit: (path: string, from: string, to: string) => void, path: string) => {
  writeFileSync(
    join(path, 'migrations/20991231000000_create_notes.sql'),
    'CREATE TABLE notes (id integer PRIMARY KEY NOT NULL) STRICT;\n',
  );
  edit(
    'server/store/migrations.ts',
    'export interface Migration',
    "import createNotes from '../../migrations/20991231000000_create_notes.sql' with { type: 'text' };\n\nexport interface Migration",
  );
  const list = readFileSync(join(path, 'server/store/migrations.ts'), 'utf8');
  writeFileSync(
    join(path, 'server/store/migrations.ts'),
    list.replace(/,?\s*\];?\s*$/, ", { name: '20991231000000_create_notes', sql: createNotes }];\n"),
  );
};

const inService = (): string => readlinkSync(join(base, 'current'));
const batch = async (): Promise<number> =>
  ((await (await fetch('http://localhost/api/v1/chain', { unix: socket })).json()) as any).ledger.batch;
const isAnswering = (): Promise<boolean> =>
  fetch('http://localhost/readyz', { unix: socket }).then(
    ({ status }) => status === 200,
    () => false,
  );
const commands = (): string[] => readFileSync(join(folder, 'systemctl.log'), 'utf8').trim().split('\n');
afterEach(() =>
  expect(readdirSync(join(base, 'releases')).filter((name) => name.startsWith('.'))).toEqual([]),
);

test.each([[[]], [['--what']], [['/nowhere']], [['a', 'b']], [[ROOT, '--version', '../x']]])(
  '%j is wrong usage',
  (words) => expect(deploy(...words).exitCode).toBe(2),
);

describe('releases', () => {
  test('the first one: nothing to copy, nothing to stop', async () => {
    const first = release('first');
    expect(deploy(first, '--version', 'v1', '--dry-run')).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('would rehearse'),
    });
    expect(existsSync(join(base, 'current'))).toBe(false);
    const { exitCode, text } = deploy(first, '--version', 'v1');
    expect([exitCode, text]).toEqual([0, expect.stringContaining('v1 is in service')]);
    expect([inService(), await isAnswering()]).toEqual(['releases/v1', true]);
    expect(commands().at(-1)).toBe('start --no-block tapgrid-backup.service tapgrid-integrity.service');
  }, 180_000);

  test('the next one goes on with the same books', async () => {
    const before = await batch();
    expect(deploy(release('second'), '--version', 'v2')).toMatchObject({ exitCode: 0 });
    expect([inService(), readlinkSync(join(base, 'previous')), (await batch()) > before]).toEqual([
      'releases/v2',
      'releases/v1',
      true,
    ]);
  }, 180_000);

  test('the same name twice is refused, and so is what is no release', () => {
    expect(deploy(join(folder, 'second'), '--version', 'v2')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('here already'),
    });
    mkdirSync(join(folder, 'empty'));
    expect(deploy(join(folder, 'empty'), '--version', 'v0')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('no release of Tapgrid'),
    });
  });

  test('one that falls over is stopped by the rehearsal: the server in service never notices', async () => {
    const before = commands().length;
    expect(
      deploy(
        release('broken', (edit) => edit(...FALLS_OVER)),
        '--version',
        'v3',
      ),
    ).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('the rehearsal failed: nothing was changed'),
    });
    expect([
      commands().length,
      inService(),
      await isAnswering(),
      existsSync(join(base, 'releases/v3')),
    ]).toEqual([before, 'releases/v2', true, false]);
  }, 180_000);

  test('one that falls over only in service is taken back at once', async () => {
    expect(deploy(join(folder, 'broken'), '--version', 'v3', '--no-rehearsal')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('v3 is not in service; v2 is'),
    });
    expect([inService(), await isAnswering()]).toEqual(['releases/v2', true]);
  }, 180_000);

  test('one that changes the schema and falls over before it is ready: the books are put back', async () => {
    const before = await batch();
    const bad = release('schema-broken', (edit, path) => {
      addMigration(edit, path);
      edit(...FALLS_OVER);
    });
    expect(deploy(bad, '--version', 'v4', '--no-rehearsal')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('v4 is not in service; v2 is'),
    });
    expect([
      inService(),
      await isAnswering(),
      (await batch()) > before,
      existsSync(join(data, 'before-v4/tapgrid.db')),
    ]).toEqual(['releases/v2', true, true, true]);
  }, 180_000);

  test('one that changes the schema goes into service, and there is no way back over the schema by itself', async () => {
    expect(deploy(release('schema', addMigration), '--version', 'v5')).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(data, 'before-v5/tapgrid.db'))).toBe(true);
    expect(deploy('--rollback')).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('see docs/runbook.md, Roll back'),
    });
    expect([inService(), await isAnswering()]).toEqual(['releases/v5', true]);
  }, 180_000);

  test('back to the one before, and the list tells', async () => {
    expect(deploy(release('seventh', addMigration), '--version', 'v7')).toMatchObject({ exitCode: 0 });
    expect(deploy('--rollback')).toMatchObject({ exitCode: 0 });
    expect([inService(), await isAnswering()]).toEqual(['releases/v5', true]);
    expect(deploy('--list').text).toMatch(/- v7 \(the one before\)\n.*\* v5\n/);
  }, 180_000);
});
