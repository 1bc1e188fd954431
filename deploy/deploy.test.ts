import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { changedRelease, packedRelease, releaseOf, removeReleases, type Edit } from './release.ts';

/**
 * The real script with real releases and the real server; only systemctl is a small stand-in, which starts
 * and stops the server as the unit says, and what a release brings along goes into a tree.
 */

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-deploy-'));
const at = (path: string): string => join(folder, path);
const [base, data, socket, tree] = [at('opt'), at('data'), at('http.sock'), at('tree')];
const SYSTEMCTL = `#!/bin/bash
echo "$*" >>'${folder}/systemctl.log'
pid=$(cat '${folder}/pid' 2>/dev/null || echo 0)
alive() { [ "$pid" != 0 ] && kill -0 "$pid" 2>/dev/null; }
case "$*" in
  'start tapgrid')
    cd '${base}/current' || exit 1
    rm -f '${folder}/failed'
    '${folder}/bin/runner' start >>'${folder}/server.log' 2>&1 </dev/null 9>&- &
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
/** What the unit and the operator's command do on a machine: the program with the settings of this house. */
const RUNNER = `#!/bin/sh
LOG_LEVEL=error EDGES=0 FEED=walk:1 LISTEN_SOCKET='${socket}' DATA_DIR='${data}' SETTINGS_FILE='${folder}/tapgrid.env' exec "\${TAPGRID_RELEASE:-${base}/current}/tapgrid" "$@"
`;

beforeAll(() => {
  for (const path of ['bin', 'opt/releases', 'data']) mkdirSync(at(path), { recursive: true });
  const program = (name: string, text: string) => writeFileSync(at(`bin/${name}`), text, { mode: 0o755 });
  program('systemctl', SYSTEMCTL);
  program('runner', RUNNER);
  program('journalctl', `#!/bin/sh\ntail -n 3 '${folder}/server.log'\n`);
  // The stand-in for runuser: the test is its own user.
  program('id', '#!/bin/sh\n[ "$1" != tapgrid ] && exec /usr/bin/id "$@"\n');
  writeFileSync(at('tapgrid.env'), 'COLUMNS_AHEAD=12\n');
  const { exitCode } = Bun.spawnSync(
    ['bash', join(import.meta.dir, 'provision.sh'), '--server-name', 'taps.example'],
    { env: { PATH: process.env.PATH, DESTDIR: tree }, stdout: 'ignore' },
  );
  expect(exitCode).toBe(0);
});
afterAll(() => {
  run(['systemctl', 'stop', 'tapgrid']);
  rmSync(folder, { recursive: true, force: true });
  removeReleases();
});

const env = {
  PATH: `${at('bin')}:${process.env.PATH}`,
  TAPGRID_ROOT: base,
  TAPGRID_SOCKET: socket,
  TAPGRID_OPERATIONS: join(data, 'operations.sock'),
  TAPGRID_SIGNERS: at('signers'),
  TAPGRID_READY_SECONDS: '90',
  TAPGRID_SETTLE_SECONDS: '1',
  TAPGRID_RUNNER: at('bin/runner'),
  DESTDIR: tree,
};
function run(words: readonly string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], { env });
  return { exitCode, text: `${stdout}${stderr}` };
}
const deploy = (...words: string[]) => run(['bash', join(import.meta.dir, 'deploy.sh'), ...words]);

const fallsOver = (edit: Edit): void =>
  edit('server/main.ts', 'notify(`READY=1', 'process.exit(70);\n    notify(`READY=1');
const addMigration = (edit: Edit, sources: string, table = 'notes'): void => {
  const name = `20991231000000_create_${table}`;
  writeFileSync(
    join(sources, `migrations/${name}.sql`),
    `CREATE TABLE ${table} (id integer PRIMARY KEY NOT NULL) STRICT;\n`,
  );
  edit(
    'server/store/migrations.ts',
    'export interface Migration',
    `import ${table} from '../../migrations/${name}.sql' with { type: 'text' };\n\nexport interface Migration`,
  );
  const list = readFileSync(join(sources, 'server/store/migrations.ts'), 'utf8');
  writeFileSync(
    join(sources, 'server/store/migrations.ts'),
    list.replace(/,?\s*\];?\s*$/, `, { name: '${name}', sql: ${table} }];\n`),
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
const commands = (): string[] => readFileSync(at('systemctl.log'), 'utf8').trim().split('\n');
const unit = (name = 'tapgrid.service'): string => join(tree, 'etc/systemd/system', name);
afterEach(() =>
  expect(readdirSync(join(base, 'releases')).filter((name) => name.startsWith('.'))).toEqual([]),
);

test.each([[[]], [['--what']], [['/nowhere']], [['a', 'b']], [[tmpdir(), '--version', '../x']]])(
  '%j is wrong usage',
  (words) => expect(deploy(...words).exitCode).toBe(2),
);

describe('what is taken', () => {
  let packed: string;
  let archive: string;
  beforeAll(async () => {
    for (const name of ['key', 'other'])
      Bun.spawnSync(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
    packed = await packedRelease('0.0.2', at('key'));
    archive = join(packed, readdirSync(packed).find((name) => name.endsWith('.tar.gz'))!);
  }, 120_000);
  afterAll(() => rmSync(at('signers'), { force: true }));
  const trust = (key: string): void =>
    writeFileSync(at('signers'), `tapgrid ${readFileSync(at(`${key}.pub`), 'utf8')}`);
  /** The unpacked release with something done to it. */
  function spoiled(spoil: (path: string) => void): string {
    const path = at('spoiled');
    rmSync(path, { recursive: true, force: true });
    cpSync(join(packed, basename(archive, '.tar.gz')), path, { recursive: true });
    spoil(path);
    return path;
  }
  const refused = (source: string) => {
    const { exitCode, text } = deploy(source, '--no-rehearsal');
    expect([exitCode, existsSync(join(base, 'current'))]).toEqual([1, false]);
    return text;
  };

  test('nothing that is no release, nor half an archive', () => {
    mkdirSync(at('empty'));
    expect(refused(at('empty'))).toContain('no release of Tapgrid');
    writeFileSync(at('half.tar.gz'), readFileSync(archive).subarray(0, 1_000_000));
    expect(refused(at('half.tar.gz'))).toContain('the archive cannot be read');
  });

  test.each([
    [
      'a file that was changed',
      (path: string) => appendFileSync(join(path, 'deploy/deploy.sh'), '#'),
      'do not match',
    ],
    ['a file more', (path: string) => writeFileSync(join(path, 'deploy/more.sh'), ''), 'deploy/more.sh'],
    ['a file less', (path: string) => rmSync(join(path, 'LICENSE')), 'LICENSE'],
    ['a link', (path: string) => void Bun.spawnSync(['ln', '-s', '/etc/passwd', join(path, 'x')]), './x'],
  ])('nothing with %s', (_, spoil, words) => expect(refused(spoiled(spoil))).toContain(words));

  test('where signatures are asked for: only what one of those keys has signed', () => {
    trust('other');
    expect(refused(archive)).toContain('its signature does not match');
    trust('key');
    expect(refused(spoiled((path) => rmSync(join(path, 'SHA256SUMS.sig'))))).toContain('it is not signed');
    // Who changes files and checksums cannot sign for them.
    expect(
      refused(
        spoiled((path) => {
          appendFileSync(join(path, 'deploy/deploy.sh'), '#');
          const sums = readFileSync(join(path, 'SHA256SUMS'), 'utf8');
          const hash = new Bun.CryptoHasher('sha256')
            .update(readFileSync(join(path, 'deploy/deploy.sh')))
            .digest('hex');
          writeFileSync(join(path, 'SHA256SUMS'), sums.replace(/.{64}(?= {2}deploy\/deploy\.sh\n)/, hash));
        }),
      ),
    ).toContain('its signature does not match');
  }, 60_000);

  test('a signed archive; its name is its version', () => {
    trust('key');
    expect(deploy(archive, '--dry-run')).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('would rehearse'),
    });
    expect(existsSync(join(base, 'current'))).toBe(false);
    expect(deploy(archive)).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('0.0.2 is in service'),
    });
    expect(inService()).toBe('releases/0.0.2');
    expect(commands().slice(-3)).toEqual([
      'start tapgrid-backup.timer tapgrid-integrity.timer tapgrid-archive.timer tapgrid-probe.timer',
      'restart --no-block tapgrid-tail.service',
      'start --no-block tapgrid-backup.service tapgrid-integrity.service',
    ]);
  }, 180_000);

  test('the same once more is no harm, and another build of that name is refused', async () => {
    const before = commands().length;
    expect(deploy(archive)).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('already in service'),
    });
    expect(commands().length).toBe(before);
    trust('key');
    expect(deploy(await releaseOf('0.0.3'), '--version', '0.0.2', '--unverified')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('another build is here as 0.0.2'),
    });
  }, 60_000);
});

describe('releases', () => {
  test('the next one goes on with the same books, and without a list of signers nobody has to sign', async () => {
    const before = await batch();
    expect(deploy(await releaseOf('0.0.3'), '--version', 'v2')).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('its signature was not checked'),
    });
    expect([inService(), readlinkSync(join(base, 'previous')), (await batch()) > before]).toEqual([
      'releases/v2',
      'releases/0.0.2',
      true,
    ]);
  }, 180_000);

  test('two at the same time: the second is refused', async () => {
    const first = Bun.spawn(['flock', '--no-fork', join(base, '.deploying'), 'sleep', '60']);
    while (Bun.spawnSync(['flock', '--nonblock', join(base, '.deploying'), 'true']).exitCode === 0)
      await Bun.sleep(20);
    expect(deploy('--rollback')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('another deploy.sh is running'),
    });
    first.kill();
    await first.exited;
  });

  test('with a setting that is wrong nothing is begun', async () => {
    const before = commands().length;
    writeFileSync(at('tapgrid.env'), 'COLUMNS_AHEAD=12\nQUORUM=none\n');
    for (const words of [['--rollback'], [await releaseOf('0.0.3'), '--version', 'v3']])
      expect(deploy(...words)).toMatchObject({
        exitCode: 1,
        text: expect.stringMatching(/QUORUM is "none"[\s\S]*the settings are wrong; nothing was changed/),
      });
    writeFileSync(at('tapgrid.env'), 'COLUMNS_AHEAD=12\n');
    expect([commands().length, inService(), existsSync(join(base, 'releases/v3'))]).toEqual([
      before,
      'releases/v2',
      false,
    ]);
  }, 180_000);

  test('one that falls over is stopped by the rehearsal: the server in service never notices', async () => {
    const before = commands().length;
    expect(deploy(changedRelease('0.0.4', fallsOver), '--version', 'v3')).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('the rehearsal failed; nothing was changed'),
    });
    expect([
      commands().length,
      inService(),
      await isAnswering(),
      existsSync(join(base, 'releases/v3')),
      readdirSync(data).filter((name) => name.startsWith('rehearsal-')),
    ]).toEqual([before, 'releases/v2', true, false, []]);
  }, 180_000);

  test('one that falls over only in service is taken back at once, with all that it brought, and says why', async () => {
    const before = readFileSync(unit(), 'utf8');
    const bad = changedRelease('0.0.4', (edit, sources) => {
      edit(
        'server/main.ts',
        'notify(`READY=1',
        "console.log('THE REASON'); process.exit(70);\n    notify(`READY=1",
      );
      edit('deploy/systemd/tapgrid.service', 'TasksMax=256', 'TasksMax=255');
      writeFileSync(join(sources, 'deploy/systemd/tapgrid-new.service'), '[Service]\nExecStart=/bin/true\n');
    });
    expect(deploy(bad, '--version', 'v3', '--no-rehearsal')).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(
        /file .*tapgrid-new\.service[\s\S]*THE REASON[\s\S]*v3 is not in service; v2 is/,
      ),
    });
    expect([inService(), await isAnswering()]).toEqual(['releases/v2', true]);
    expect([readFileSync(unit(), 'utf8') === before, existsSync(unit('tapgrid-new.service'))]).toEqual([
      true,
      false,
    ]);
  }, 180_000);

  test('one that changes the schema and falls over before it serves: the books are put back, and nothing of it is seen', async () => {
    const before = await batch();
    const commandsBefore = commands().length;
    // It has committed, and noted the end of its books.
    const bad = changedRelease('0.0.5', (edit, sources) => {
      addMigration(edit, sources);
      edit(
        'server/main.ts',
        'notify(`READY=1',
        `const { readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const note = '${data}/noted-head.json';
    const { batch, ...rest } = JSON.parse(readFileSync(note, 'utf8'));
    writeFileSync(note, JSON.stringify({ ...rest, batch: batch + 1_000 }));
    process.exit(70);
    notify(\`READY=1`,
      );
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
    expect(readFileSync(at('server.log'), 'utf8')).not.toContain('THE BOOKS STAND BEHIND');
    // Nor has anybody else seen its books, to whom the old ones would stand behind.
    const rest = /^stop .*tapgrid-backup\.timer .*tapgrid-tail\.service .*tapgrid-archive\.service/;
    const [stop, start] = [/^stop tapgrid$/, /^start tapgrid$/];
    const again = /^start tapgrid-backup\.timer/;
    const said = commands().slice(commandsBefore);
    expect(said.flatMap((one) => [rest, stop, start, again].filter((moment) => moment.test(one)))).toEqual([
      rest,
      stop,
      start,
      stop,
      start,
      again,
    ]);
  }, 180_000);

  test('one that changes the schema stays away where the books cannot be copied first', async () => {
    const next = changedRelease('0.0.5', addMigration);
    // The disk is full when it comes to that.
    writeFileSync(at('bin/cp'), `#!/bin/sh\ncase $* in */before-*) exit 1 ;; esac\nexec /bin/cp "$@"\n`, {
      mode: 0o755,
    });
    const answer = deploy(next, '--version', 'v4.1', '--no-rehearsal');
    rmSync(at('bin/cp'));
    expect(answer).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('the books could not be copied before the change: v2 stays in service'),
    });
    expect([inService(), await isAnswering(), existsSync(join(data, 'before-v4.1'))]).toEqual([
      'releases/v2',
      true,
      false,
    ]);
  }, 180_000);

  test('one that changes the schema goes into service, and there is no way back over the schema by itself', async () => {
    const next = changedRelease('0.0.6', (edit, sources) => {
      addMigration(edit, sources);
      edit('deploy/systemd/tapgrid.service', 'TasksMax=256', 'TasksMax=254');
      edit('deploy/nginx/tapgrid.conf', 'send_timeout          15s', 'send_timeout          14s');
      edit('deploy/host/nftables.conf', 'burst 10 packets', 'burst 9 packets');
    });
    expect(deploy(next, '--version', 'v5')).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(data, 'before-v5/tapgrid.db'))).toBe(true);
    expect(deploy('--rollback')).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('see docs/runbook.md, Roll back'),
    });
    expect([inService(), await isAnswering()]).toEqual(['releases/v5', true]);
    // Refused means that nothing was touched.
    expect(readFileSync(unit(), 'utf8')).toContain('TasksMax=254');
  }, 180_000);

  test('back to the one before, with what it brought along, also for an impatient hand, and the list tells', async () => {
    expect(deploy(changedRelease('0.0.7', addMigration), '--version', 'v7')).toMatchObject({ exitCode: 0 });
    expect(readFileSync(unit(), 'utf8')).toContain('TasksMax=256');
    const before = commands().length;
    const rollback = Bun.spawn(['setsid', 'bash', join(import.meta.dir, 'deploy.sh'), '--rollback'], {
      env,
      stdout: 'ignore',
    });
    while (!commands().slice(before).includes('stop tapgrid')) await Bun.sleep(5);
    // As a terminal does: to whatever runs in it.
    process.kill(-rollback.pid, 'SIGINT');
    expect(await rollback.exited).toBe(0);
    expect([inService(), await isAnswering()]).toEqual(['releases/v5', true]);
    expect([
      readFileSync(unit(), 'utf8').includes('TasksMax=254'),
      readFileSync(join(tree, 'etc/nginx/conf.d/tapgrid.conf'), 'utf8').includes('send_timeout          14s'),
      readFileSync(join(tree, 'etc/tapgrid/nftables.conf'), 'utf8').includes('burst 9 packets'),
    ]).toEqual([true, true, true]);
    expect(deploy('--list').text).toMatch(/- v7 \(rolled back\)\n.*\* v5\n/);
    // The same once more is no way forward to what it has left.
    const said = commands().length;
    expect(deploy('--rollback')).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining(
        `rolled back already: v5 is in service; to return: deploy.sh ${base}/releases/v7`,
      ),
    });
    expect([inService(), commands().length]).toEqual(['releases/v5', said]);
  }, 180_000);

  test('one that changes the schema and falls over after it served: a person decides, and nothing is put back', () => {
    const bad = changedRelease('0.0.8', (edit, sources) => {
      addMigration(edit, sources);
      addMigration(edit, sources, 'pages');
      edit(
        'server/main.ts',
        'notify(`READY=1',
        'setTimeout(() => process.exit(70), 500);\n    notify(`READY=1',
      );
    });
    const before = commands().length;
    expect(deploy(bad, '--version', 'v8', '--no-rehearsal')).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('it may have taken bets under its new schema'),
    });
    expect([inService(), existsSync(join(data, 'before-v8/tapgrid.db'))]).toEqual(['releases/v8', true]);
    const said = commands().slice(before);
    expect([
      said.includes('restart --no-block tapgrid-tail.service'),
      said.some((one) => /^start .*\.timer/.test(one)),
    ]).toEqual([true, false]);
  }, 180_000);
});

describe('a first installation', () => {
  beforeAll(() => {
    run(['systemctl', 'stop', 'tapgrid']);
    for (const path of ['opt', 'data']) rmSync(at(path), { recursive: true, force: true });
    for (const path of ['opt/releases', 'data']) mkdirSync(at(path), { recursive: true });
  });

  test('that goes wrong says why, leaves nothing in service, and can be given again', async () => {
    const good = await releaseOf('0.0.3');
    // The rehearsal has a place of its own, so only the start meets this.
    writeFileSync(at('tapgrid.env'), `OPERATIONS_LISTEN=${at('nowhere/x.sock')}\n`);
    const first = deploy(good);
    expect(first).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(
        /OPERATIONS_LISTEN[\s\S]*there is no release to go back to[\s\S]*run the same command again/,
      ),
    });
    expect([existsSync(join(base, 'current')), await isAnswering()]).toEqual([false, false]);
    writeFileSync(at('tapgrid.env'), 'COLUMNS_AHEAD=12\n');
    expect(deploy(good)).toMatchObject({ exitCode: 0, text: expect.stringContaining('0.0.3 is in service') });
  }, 180_000);

  test('without prices it is in service, and says what is missing', async () => {
    run(['systemctl', 'stop', 'tapgrid']);
    writeFileSync(at('tapgrid.env'), 'FEED=live\nFEED_URLS=kraken=ws://127.0.0.1:9\n');
    const { exitCode, text } = deploy(await releaseOf('0.0.2'));
    expect([exitCode, text]).toEqual([
      0,
      expect.stringMatching(/is in service\n.*NOTES\.md\n[\s\S]*deploy: it says starting: no price yet/),
    ]);
    expect(await isAnswering()).toBe(true);
  }, 180_000);
});
