import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dir, 'provision.sh');
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-provision-'));
const tree = join(folder, 'tree');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORDS = ['--server-name', 'taps.example', '--bun', process.execPath, '--monitoring'];
function provision(words: readonly string[], destination: string | null = tree) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['bash', SCRIPT, ...words], {
    env: { PATH: process.env.PATH, ...(destination !== null && { DESTDIR: destination }) },
  });
  return { exitCode, text: stdout.toString(), error: stderr.toString() };
}
const at = (path: string): string => join(tree, path);
const textAt = (path: string): string => readFileSync(at(path), 'utf8');
const modeOf = (path: string): string => (statSync(at(path)).mode & 0o777).toString(8);

test('scripts are clean', () => {
  const scripts = [...new Bun.Glob('**/*.sh').scanSync(import.meta.dir), 'host/tapgrid-run'].map((name) =>
    join(import.meta.dir, name),
  );
  expect(scripts.length).toBeGreaterThan(3);
  expect(Bun.spawnSync(['shellcheck', '--severity=style', ...scripts]).stdout.toString()).toBe('');
});

test('a dry run changes nothing', () => {
  const { exitCode, text } = provision([...WORDS, '--dry-run']);
  expect([exitCode, existsSync(tree), /\n(\d+) changes would be made\./.test(text)]).toEqual([
    0,
    false,
    true,
  ]);
});

test.each([
  [[]],
  [['--server-name']],
  [['--server-name', 'Taps.example']],
  [['--server-name', 'a b']],
  [['--server-name', 'x; rm -rf /']],
  [['--server-name', 'taps.example', '--ssh-port', '70000']],
  [['--server-name', 'taps.example', '--what']],
  [['--server-name', 'taps.example', '--bun-from', 'http://localhost/']],
])('%j is wrong usage', (words) => {
  const { exitCode, error } = provision(words);
  expect([exitCode, error.includes('usage: provision.sh'), existsSync(tree)]).toEqual([2, true, false]);
});

describe('a machine in a tree', () => {
  beforeAll(() => {
    const { exitCode, error } = provision(WORDS);
    expect([exitCode, error]).toEqual([0, '']);
  });

  test('a second run finds nothing to do', () =>
    expect(provision(WORDS).text).toEndWith('\n0 changes made.\n'));

  test('what was changed by hand is put right, and nothing else; settings of the operator stay', () => {
    writeFileSync(at('/etc/nginx/conf.d/tapgrid.conf'), 'server {}');
    writeFileSync(
      at('/etc/tapgrid/tapgrid.env'),
      'PUBLIC_ORIGIN=https://taps.example\nFEED=live\nQUORUM=3\n',
    );
    const secret = textAt('/etc/tapgrid/credentials/REDIS_URL');
    expect(provision(WORDS).text).toEndWith('\n1 changes made.\n');
    expect(textAt('/etc/nginx/conf.d/tapgrid.conf')).toContain('server_name taps.example;');
    expect(textAt('/etc/tapgrid/tapgrid.env')).toContain('QUORUM=3');
    expect(textAt('/etc/tapgrid/credentials/REDIS_URL')).toBe(secret);
  });

  test('no place for a name is left open', () => {
    for (const path of [
      '/etc/nginx/conf.d/tapgrid.conf',
      '/etc/nftables.conf',
      '/etc/tapgrid/tapgrid.env',
      '/etc/redis/tapgrid.acl',
    ])
      expect([path, /@[A-Z_]+@/.test(textAt(path))]).toEqual([path, false]);
  });

  test('secrets are for their owner, and are the same on both sides', () => {
    expect(
      [
        '/etc/tapgrid/credentials',
        '/etc/tapgrid/credentials/REDIS_URL',
        '/etc/tapgrid/credentials/OPERATOR_TOKEN',
        '/etc/tapgrid/tls',
        '/etc/tapgrid/tls/privkey.pem',
        '/etc/redis/tapgrid.acl',
        '/etc/tapgrid',
        '/var/lib/tapgrid',
      ].map((path) => `${path} ${modeOf(path)}`),
    ).toEqual([
      '/etc/tapgrid/credentials 700',
      '/etc/tapgrid/credentials/REDIS_URL 600',
      '/etc/tapgrid/credentials/OPERATOR_TOKEN 600',
      '/etc/tapgrid/tls 700',
      '/etc/tapgrid/tls/privkey.pem 600',
      '/etc/redis/tapgrid.acl 640',
      '/etc/tapgrid 750',
      '/var/lib/tapgrid 700',
    ]);
    const password = /^redis:\/\/tapgrid:([0-9a-f]{64})@/.exec(
      textAt('/etc/tapgrid/credentials/REDIS_URL'),
    )![1]!;
    expect(textAt('/etc/redis/tapgrid.acl')).toContain(`>${password} `);
  });

  test('Bun is the pinned one', () => {
    expect(readlinkSync(at('/opt/tapgrid/bun/current'))).toBe(Bun.version);
    expect(
      Bun.spawnSync([at('/opt/tapgrid/bun/current/bun'), '--version'])
        .stdout.toString()
        .trim(),
    ).toBe(Bun.version);
  });

  test('every unit is there, with the sandbox', () => {
    for (const unit of [
      'tapgrid.service',
      'tapgrid-backup.timer',
      'tapgrid-archive.service',
      'tapgrid.service.d/10-sandbox.conf',
      'tapgrid-.service.d/10-sandbox.conf',
    ])
      expect(existsSync(at(`/etc/systemd/system/${unit}`))).toBe(true);
  });
});

test('a Bun with another checksum is not installed', () => {
  const other = join(folder, 'bun');
  writeFileSync(other, '#!/bin/sh\necho 1.4.5\n', { mode: 0o755 });
  const elsewhere = join(folder, 'elsewhere');
  const { exitCode, error } = provision(['--server-name', 'taps.example', '--bun', other], elsewhere);
  expect([exitCode, error, existsSync(join(elsewhere, 'opt/tapgrid/bun/1.4.5/bun'))]).toEqual([
    1,
    'provision: the checksum is not that of Bun 1.4.5: not installed\n',
    false,
  ]);
});

describe('Bun is fetched when none is given', () => {
  const zipName = `bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`;
  const [right, wrong] = [join(folder, 'right'), join(folder, 'wrong')];
  let server: Bun.Server<undefined>;
  beforeAll(() => {
    Bun.spawnSync([
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      join(folder, 'key.pem'),
      '-out',
      join(folder, 'ca.pem'),
    ]);
    for (const [where, file] of [
      [right, process.execPath],
      [wrong, '/bin/true'],
    ] as const) {
      mkdirSync(join(where, zipName), { recursive: true });
      cpSync(file, join(where, zipName, 'bun'));
      expect(
        Bun.spawnSync(['zip', '-q', '-0', '-r', `${zipName}.zip`, zipName], { cwd: where }).exitCode,
      ).toBe(0);
    }
    // Laid out as where releases are published: a name that leads on to the file.
    server = Bun.serve({
      hostname: 'localhost',
      port: 0,
      tls: { key: Bun.file(join(folder, 'key.pem')), cert: Bun.file(join(folder, 'ca.pem')) },
      fetch(request) {
        const [, which, version, file] = new URL(request.url).pathname.split('/');
        if (which === 'store')
          return new Response(Bun.file(join(version === 'right' ? right : wrong, file!)));
        if (which === 'page') return new Response('<html>sign in</html>');
        if (which === 'open') return Response.redirect('http://localhost:1/bun.zip');
        const isThere = version === `bun-v${Bun.version}` && file === `${zipName}.zip`;
        return isThere && (which === 'right' || which === 'wrong')
          ? Response.redirect(`/store/${which}/${file}`)
          : new Response(null, { status: 404 });
      },
    });
  });
  afterAll(() => server.stop(true));

  async function fetched(from: string) {
    const destination = mkdtempSync(join(folder, 'fetched-'));
    // Asynchronous: the server is in this process.
    const child = Bun.spawn(
      [
        'bash',
        SCRIPT,
        '--server-name',
        'taps.example',
        '--bun-from',
        `https://localhost:${server.port}/${from}`,
      ],
      {
        env: {
          PATH: process.env.PATH,
          DESTDIR: destination,
          CURL_CA_BUNDLE: join(folder, 'ca.pem'),
          TMPDIR: folder,
        },
        stdout: 'ignore',
        stderr: 'pipe',
      },
    );
    const error = await new Response(child.stderr).text();
    return { exitCode: await child.exited, error, bun: join(destination, 'opt/tapgrid/bun/current/bun') };
  }

  test('the archive with the right checksum is unpacked and put in', async () => {
    const { exitCode, error, bun } = await fetched('right');
    expect([exitCode, error]).toEqual([0, '']);
    expect(Bun.spawnSync([bun, '--version']).stdout.toString()).toBe(`${Bun.version}\n`);
  });

  test.each([
    ['an archive with something else in it', 'wrong', 'the checksum is not that of Bun'],
    ['something that is no archive', 'page', 'is not an archive with a Bun in it'],
    ['nothing', 'nowhere', 'could not be fetched'],
    ['a way that leads out of TLS', 'open', 'could not be fetched'],
  ])('%s is not', async (_, from, words) => {
    const { exitCode, error, bun } = await fetched(from);
    expect([exitCode, error, existsSync(bun)]).toEqual([1, expect.stringContaining(words), false]);
    expect([...new Bun.Glob('tmp.*').scanSync({ cwd: folder, onlyFiles: false })]).toEqual([]);
  });
});

test('the pinned version has a checksum for both machines', async () => {
  const { engines } = await Bun.file(join(import.meta.dir, '../package.json')).json();
  for (const machine of ['x86_64', 'aarch64'])
    expect(readFileSync(join(import.meta.dir, 'host/bun.sha256'), 'utf8')).toMatch(
      new RegExp(`^[0-9a-f]{64}  bun-${engines.bun.replaceAll('.', '\\.')}-${machine}$`, 'm'),
    );
});

/** The kernel takes a packet filter only from root, in a network of its own. */
const ownNetwork = process.getuid?.() === 0 && Bun.spawnSync(['unshare', '--net', 'true']).exitCode === 0;
describe.skipIf(!ownNetwork)('the packet filter, in a network of its own (root needed)', () => {
  test('is taken, lets web and ssh in, and drops the rest', () => {
    const rules = join(folder, 'nftables.conf');
    writeFileSync(
      rules,
      readFileSync(join(import.meta.dir, 'host/nftables.conf'), 'utf8').replaceAll('@SSH_PORT@', '2222'),
    );
    const { exitCode, stdout } = Bun.spawnSync([
      'unshare',
      '--net',
      'sh',
      '-c',
      `nft -f ${rules} && nft list chain inet tapgrid input`,
    ]);
    expect(exitCode).toBe(0);
    for (const line of [
      'policy drop;',
      'tcp dport 2222 accept',
      'tcp dport { 80, 443 } accept',
      'iifname "lo" accept',
    ])
      expect(stdout.toString()).toContain(line);
  });
});

test('logrotate takes its file', () => {
  const mine = join(folder, 'logrotate.conf');
  cpSync(join(import.meta.dir, 'host/logrotate.conf'), mine);
  const { exitCode, stderr } = Bun.spawnSync([
    Bun.which('logrotate') ?? '/usr/sbin/logrotate',
    '--debug',
    '--state',
    join(folder, 'state'),
    mine,
  ]);
  expect([exitCode, /^error:/m.test(stderr.toString())]).toEqual([0, false]);
});
