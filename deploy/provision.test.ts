import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dir, 'provision.sh');
const folder = mkdtempSync(join(tmpdir(), 'tapgrid-provision-'));
const tree = join(folder, 'tree');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORDS = ['--server-name', 'taps.example', '--monitoring', '--redis'];
function provision(words: readonly string[], destination = tree, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(['bash', SCRIPT, ...words], {
    env: { PATH: process.env.PATH, DESTDIR: destination, ...env },
  });
  return { exitCode, text: stdout.toString(), error: stderr.toString() };
}
const at = (path: string): string => join(tree, path);
const textAt = (path: string): string => readFileSync(at(path), 'utf8');
const modeOf = (path: string): string => (statSync(at(path)).mode & 0o777).toString(8);

test('scripts are clean', () => {
  const scripts = [...new Bun.Glob('**/*.sh').scanSync(import.meta.dir), 'host/tapgrid', 'host/tapgrid-run']
    // Parts of provision.sh and deploy.sh are looked at with them.
    .filter((name) => !/^(provision|deployment)\//.test(name))
    .map((name) => join(import.meta.dir, name));
  expect(scripts.length).toBeGreaterThan(5);
  expect(
    Bun.spawnSync([
      'shellcheck',
      '--severity=style',
      '--external-sources',
      '--check-sourced',
      '--source-path=SCRIPTDIR',
      ...scripts,
    ]).stdout.toString(),
  ).toBe('');
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
  [['--server-name', 'taps.example', '--ssh-port', '22 23']],
])('%j is wrong usage', (words) => {
  const { exitCode, error } = provision(words);
  expect([exitCode, error.includes('usage: provision.sh'), existsSync(tree)]).toEqual([2, true, false]);
});

describe('a machine in a tree', () => {
  beforeAll(() => {
    const planned = provision([...WORDS, '--dry-run']).text.match(/^ {2}(?!\().*|\d+ changes/gm);
    const { exitCode, error, text } = provision(WORDS);
    expect([exitCode, error]).toEqual([0, '']);
    // What a dry run says is what a run does, each thing once.
    expect(text.match(/^ {2}(?!\().*|\d+ changes/gm)).toEqual(planned);
  });

  test('a second run finds nothing to do', () =>
    expect(provision(WORDS).text).toEndWith('\n0 changes made.\n'));

  test('what was changed by hand is put right and kept; settings and secrets of the operator stay', () => {
    writeFileSync(at('/etc/nginx/conf.d/tapgrid.conf'), 'server {}');
    writeFileSync(
      at('/etc/tapgrid/tapgrid.env'),
      'PUBLIC_ORIGIN=https://taps.example\nFEED=live\nQUORUM=3\n',
    );
    const secret = textAt('/etc/tapgrid/credentials/REDIS_URL');
    expect(provision([]).text).toEndWith('\n2 changes made.\n');
    expect(textAt('/etc/nginx/conf.d/tapgrid.conf')).toContain('server_name taps.example;');
    expect(textAt('/etc/tapgrid/kept/etc/nginx/conf.d/tapgrid.conf')).toBe('server {}');
    // nginx, logrotate, certbot and others read what stands beside.
    expect(readdirSync(at('/etc/nginx/conf.d'))).toEqual(['tapgrid.conf']);
    expect(textAt('/etc/tapgrid/tapgrid.env')).toContain('QUORUM=3');
    expect(textAt('/etc/tapgrid/credentials/REDIS_URL')).toBe(secret);
  });

  test('what others had written before the first time is kept too, and once more when it is changed again', () => {
    const other = join(folder, 'before');
    const path = 'etc/prometheus/prometheus.yml';
    const change = (text: string): void => {
      mkdirSync(join(other, path, '..'), { recursive: true });
      writeFileSync(join(other, path), text);
      expect(provision(['--server-name', 'taps.example', '--monitoring'], other).exitCode).toBe(0);
    };
    change('of another job');
    change('by hand');
    const kept = join(other, 'etc/tapgrid/kept', path);
    expect([readFileSync(`${kept}.~1~`, 'utf8'), readFileSync(kept, 'utf8')]).toEqual([
      'of another job',
      'by hand',
    ]);
  });

  test('what is installed is listed with its checksum, and no secret is', () => {
    const { exitCode } = Bun.spawnSync([
      'bash',
      '-c',
      `sed 's|  /|  ${tree}/|' '${at('/etc/tapgrid/installed.sha256')}' | grep -v '^#' | sha256sum --check --strict --quiet -`,
    ]);
    const list = textAt('/etc/tapgrid/installed.sha256');
    expect([exitCode, list.split('\n').length > 25]).toEqual([0, true]);
    expect(list).not.toMatch(/credentials|tapgrid\.env|tapgrid\.acl|\/tls\//);
  });

  test('no place for a name is left open', () => {
    for (const path of [
      '/etc/nginx/conf.d/tapgrid.conf',
      '/etc/tapgrid/nftables.conf',
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
        '/etc/tapgrid/operators',
        '/etc/tapgrid/tls',
        '/etc/tapgrid/tls/privkey.pem',
        '/etc/redis/tapgrid.acl',
        '/etc/tapgrid',
        '/var/lib/tapgrid',
      ].map((path) => `${path} ${modeOf(path)}`),
    ).toEqual([
      '/etc/tapgrid/credentials 700',
      '/etc/tapgrid/credentials/REDIS_URL 600',
      '/etc/tapgrid/operators 640',
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

  test('every unit is there, with the sandbox', () => {
    for (const unit of [
      'tapgrid.service',
      'tapgrid-edge@.service',
      'tapgrid-backup.timer',
      'tapgrid-archive.service',
      'tapgrid.service.d/10-sandbox.conf',
      'tapgrid-.service.d/10-sandbox.conf',
      'tapgrid-edge@.service.d/10-sandbox.conf',
    ])
      expect(existsSync(at(`/etc/systemd/system/${unit}`))).toBe(true);
  });
});

test('the proxy spreads visitors over as many edges as there are', () => {
  const there = join(folder, 'edges');
  const wants = join(there, 'etc/systemd/system/tapgrid.service.wants');
  const servers = (): string[] =>
    readFileSync(join(there, 'etc/nginx/conf.d/tapgrid.conf'), 'utf8')
      .split('\n')
      .filter((line) => /^ {2}server unix:/.test(line))
      .map((line) => line.trim());
  expect(provision(WORDS, there)).toMatchObject({ exitCode: 0, error: '' });
  const edge = (number: number) =>
    `server unix:/run/tapgrid-edge-${number}/http.sock max_fails=2 fail_timeout=5s;`;
  const reserve = 'server unix:/run/tapgrid/http.sock max_fails=0 backup;';
  const operators = 'server unix:/run/tapgrid/ops.sock max_fails=0;';
  expect(servers()).toEqual([edge(1), reserve, operators]);
  mkdirSync(wants, { recursive: true });
  for (const number of [1, 2, 3])
    symlinkSync('../tapgrid-edge@.service', join(wants, `tapgrid-edge@${number}.service`));
  expect(provision(WORDS, there).text).toContain('file /etc/nginx/conf.d/tapgrid.conf');
  expect(servers()).toEqual([edge(1), edge(2), edge(3), reserve, operators]);
  expect(provision(WORDS, there).text).toEndWith('\n0 changes made.\n');
});

describe('what was said once', () => {
  const there = join(folder, 'remembered');
  const conf = (): string => readFileSync(join(there, 'etc/tapgrid/machine.conf'), 'utf8');
  const filter = (): string => readFileSync(join(there, 'etc/tapgrid/nftables.conf'), 'utf8');
  beforeAll(() => {
    const { exitCode } = provision(
      ['--server-name', 'taps.example', '--ssh-port', '2222', '--redis', '--monitoring'],
      there,
    );
    expect(exitCode).toBe(0);
  });

  test('is remembered: a run without words changes nothing, and ssh stays where it is', () => {
    expect(provision([], there).text).toEndWith('\n0 changes made.\n');
    expect(filter()).toContain('tcp dport { 2222 } accept');
    for (const line of ['SERVER_NAME=taps.example', 'SSH_PORTS=2222', 'REDIS=yes', 'MONITORING=yes'])
      expect(conf()).toContain(`${line}\n`);
  });

  test('the port of the present login is not closed, whatever was said', () => {
    const { text } = provision(['--ssh-port', '22'], there, {
      SSH_CONNECTION: '203.0.113.7 50000 198.51.100.1 2222',
    });
    expect(text).toContain('you are logged in on port 2222, so it stays open too: 22');
    expect(filter()).toContain('tcp dport { 22, 2222 } accept');
    // Logged in on the other one, it may go.
    provision(['--ssh-port', '22'], there, { SSH_CONNECTION: '203.0.113.7 50000 198.51.100.1 22' });
    expect(filter()).toContain('tcp dport { 22 } accept');
  });

  test('is taken back by a word, with what it had brought, and nothing is left', () => {
    expect(
      provision(['--no-redis', '--no-monitoring', '--no-security-updates', '--no-firewall'], there).exitCode,
    ).toBe(0);
    for (const path of [
      'etc/redis/redis.conf',
      'etc/redis/tapgrid.acl',
      'etc/tapgrid/credentials/REDIS_URL',
      'etc/prometheus/prometheus.yml',
      'etc/apt/apt.conf.d/52tapgrid',
      'etc/tapgrid/nftables.conf',
    ])
      expect([path, existsSync(join(there, path))]).toEqual([path, false]);
    expect(existsSync(join(there, 'etc/systemd/system/tapgrid.service'))).toBe(true);
    expect(provision([], there).text).toEndWith('\n0 changes made.\n');
  });

  test('another name is refused: rename.sh takes the traders along', () => {
    const { exitCode, error } = provision(['--server-name', 'other.example'], there);
    expect([exitCode, error]).toEqual([1, expect.stringContaining('use rename.sh')]);
  });

  test('a file that somebody has spoiled is refused and never run', () => {
    const path = join(there, 'etc/tapgrid/machine.conf');
    const before = conf();
    writeFileSync(path, `${before}SSH_PORTS=$(touch ${there}/run)\n`);
    const { exitCode, error } = provision([], there);
    expect([exitCode, error, existsSync(join(there, 'run'))]).toEqual([
      1,
      expect.stringContaining('machine.conf: SSH_PORTS='),
      false,
    ]);
    writeFileSync(path, before);
  });

  test('a machine from before goes on with what it had', () => {
    const old = join(folder, 'old');
    for (const [path, text] of [
      ['etc/tapgrid/tapgrid.env', 'PUBLIC_ORIGIN=https://old.example\nFEED=live\n'],
      ['etc/tapgrid/credentials/REDIS_URL', 'redis://tapgrid:aa@127.0.0.1:6379\n'],
      ['etc/prometheus/tapgrid-rules.yml', 'groups: []\n'],
      [
        'etc/nftables.conf',
        'flush ruleset\ntable inet tapgrid {\n  chain input {\n    tcp dport 2022 accept\n  }\n}\n',
      ],
    ]) {
      mkdirSync(join(old, path!, '..'), { recursive: true });
      writeFileSync(join(old, path!), text!);
    }
    // deploy.sh of an upgrade calls this before anybody has provisioned anew.
    expect(provision(['--files-only'], old).exitCode).toBe(0);
    expect(readFileSync(join(old, 'etc/nginx/conf.d/tapgrid.conf'), 'utf8')).toContain(
      'server_name old.example;',
    );
    expect(readFileSync(join(old, 'etc/tapgrid/nftables.conf'), 'utf8')).toContain(
      'tcp dport { 2022 } accept',
    );
    expect(existsSync(join(old, 'etc/redis/redis.conf'))).toBe(true);
    expect(existsSync(join(old, 'etc/nftables.conf.before'))).toBe(true);
    expect(provision([], old).exitCode).toBe(0);
    expect(readFileSync(join(old, 'etc/tapgrid/machine.conf'), 'utf8')).toMatch(
      /SERVER_NAME=old\.example\n[\s\S]*SSH_PORTS=2022\n[\s\S]*REDIS=yes\nMONITORING=yes\n/,
    );
  });
});

describe('systems', () => {
  const on = (id: string, version: string) => {
    const path = join(folder, `${id}-${version}`);
    mkdirSync(join(path, 'etc'), { recursive: true });
    writeFileSync(
      join(path, 'etc/os-release'),
      `PRETTY_NAME="${id} ${version}"\nID=${id}\nVERSION_ID="${version}"\n`,
    );
    return provision(['--server-name', 'taps.example', '--dry-run'], path);
  };
  test.each([
    ['debian', '12'],
    ['debian', '13'],
    ['ubuntu', '22.04'],
    ['ubuntu', '24.04'],
  ])('%s %s is taken', (id, version) => expect(on(id, version).exitCode).toBe(0));
  test.each([
    ['debian', '11'],
    ['ubuntu', '20.04'],
    ['fedora', '41'],
  ])('%s %s is not', (id, version) =>
    expect(on(id, version)).toMatchObject({
      exitCode: 1,
      error: expect.stringContaining(`this is ${id} ${version}`),
    }),
  );
});

describe('the hook of certbot', () => {
  const there = join(folder, 'hook');
  const run = (domains: string, lineage: string) => {
    const { exitCode, stdout } = Bun.spawnSync(['sh', join(import.meta.dir, 'host/certificate-hook.sh')], {
      env: {
        PATH: `${there}/bin:${process.env.PATH}`,
        RENEWED_DOMAINS: domains,
        RENEWED_LINEAGE: join(there, lineage),
        TAPGRID_MACHINE_CONF: join(there, 'machine.conf'),
        TAPGRID_TLS: join(there, 'tls'),
      },
    });
    return [exitCode, stdout.toString()];
  };
  const served = (path = ''): string => readFileSync(join(there, 'tls', path, 'fullchain.pem'), 'utf8');
  beforeAll(() => {
    for (const path of ['bin', 'tls/old.example', 'house', 'shop', 'old'])
      mkdirSync(join(there, path), { recursive: true });
    writeFileSync(
      join(there, 'machine.conf'),
      'SERVER_NAME=taps.example\nFORMER_NAMES=old.example older.example\n',
    );
    writeFileSync(join(there, 'bin/systemctl'), `#!/bin/sh\necho "$*" >>'${there}/systemctl.log'\n`, {
      mode: 0o755,
    });
    for (const name of ['house', 'shop', 'old'])
      for (const file of ['privkey.pem', 'fullchain.pem']) writeFileSync(join(there, name, file), name);
    for (const path of ['', 'old.example'])
      writeFileSync(join(there, 'tls', path, 'fullchain.pem'), 'before');
  });

  test('another site of this machine is left alone', () => {
    expect(run('shop.example www.shop.example', 'shop')).toEqual([
      0,
      'not for this house: shop.example www.shop.example\n',
    ]);
    expect([served(), existsSync(join(there, 'systemctl.log'))]).toEqual(['before', false]);
  });

  test('the certificate of the house goes to its place, and that of a former name to that one’s', () => {
    expect(run('taps.example', 'house')).toEqual([0, '']);
    expect([served(), served('old.example')]).toEqual(['house', 'before']);
    expect(run('old.example', 'old')).toEqual([0, '']);
    expect([served(), served('old.example')]).toEqual(['house', 'old']);
    expect(statSync(join(there, 'tls/privkey.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(there, 'systemctl.log'), 'utf8')).toBe('reload nginx\nreload nginx\n');
  });
});

/** The kernel takes a packet filter only from root, in a network of its own. */
const ownNetwork = process.getuid?.() === 0 && Bun.spawnSync(['unshare', '--net', 'true']).exitCode === 0;
describe.skipIf(!ownNetwork)('the packet filter, in a network of its own (root needed)', () => {
  const rules = join(folder, 'nftables.conf');
  const own = join(folder, 'filter.d');
  /** What the kernel shows after a script, which starts with the rules loaded. */
  const shown = (script: string): string => {
    mkdirSync(own, { recursive: true });
    writeFileSync(
      rules,
      readFileSync(join(import.meta.dir, 'host/nftables.conf'), 'utf8')
        .replaceAll('@SSH_PORTS@', '2222, 22')
        .replaceAll('/etc/tapgrid/filter.d', own),
    );
    const { exitCode, stdout, stderr } = Bun.spawnSync([
      'unshare',
      '--net',
      'bash',
      '-euc',
      `nft -f ${rules}\n${script}`,
    ]);
    expect([exitCode, stderr.toString()]).toEqual([0, '']);
    return stdout.toString();
  };

  test('is taken, lets web and ssh in, and drops the rest', () => {
    const text = shown('nft list chain inet tapgrid input');
    for (const line of [
      'policy drop;',
      'tcp dport { 22, 2222 } accept',
      'tcp dport { 80, 443 } accept',
      'iifname "lo" accept',
    ])
      expect(text).toContain(line);
  });

  test('rules of the operator come first, and tables of others stay when it is read again', () => {
    writeFileSync(join(own, '10-mine.nft'), 'ip saddr 203.0.113.0/24 drop\n');
    const text = shown(`nft add table inet docker; nft -f ${rules}; nft -f ${rules}; nft list ruleset`);
    expect(text).toContain('table inet docker');
    expect(text.indexOf('ip saddr 203.0.113.0/24 drop')).toBeLessThan(text.indexOf('ct state established'));
    expect(text.match(/ip saddr 203\.0\.113\.0\/24 drop/g)).toHaveLength(1);
    rmSync(join(own, '10-mine.nft'));
  });

  /** What a run of provision.sh does about the filter, for scripts that change kernel and files between. */
  const PROVISION = `
say() { echo "$*"; }; fail() { echo "$*"; exit 1; }; dry=no; root=
${['changes', 'firewall'].map((name) => `. ${join(import.meta.dir, 'provision', name)}.sh`).join('; ')}
filter_rules=${rules} own_rules=${own}
provision() { bring_filter_up "\${1:-$(cat ${rules})}"; echo "changes $changes, fault: $filter_fault"; changes=0 filter_fault=; }
`;
  const last = (text: string): string => text.slice(text.lastIndexOf('table inet tapgrid'));

  test('what somebody has typed in is kept when the rules change, and when they do not', () => {
    const text = shown(`${PROVISION}
nft insert rule inet tapgrid input ip saddr 198.51.100.7 drop
nft add rule inet tapgrid input tcp dport 9999 accept
before=$(cat ${rules})
sed -i 's/dport { 80, 443 }/dport { 80, 443, 8443 }/' ${rules}
provision "$before"
provision
nft insert rule inet tapgrid input ip saddr 198.51.100.8 drop
provision
nft list table inet tapgrid`);
    expect(text.match(/changes \d/g)).toEqual(['changes 1', 'changes 0', 'changes 1']);
    for (const line of [
      'ip saddr 198.51.100.7 drop',
      'ip saddr 198.51.100.8 drop',
      'tcp dport 9999 accept',
      'tcp dport { 80, 443, 8443 } accept',
    ])
      expect([line, last(text).split(line).length]).toEqual([line, 2]);
    expect(readFileSync(join(own, 'typed.nft'), 'utf8').trim().split('\n').sort()).toEqual([
      'ip saddr 198.51.100.7 drop',
      'ip saddr 198.51.100.8 drop',
      'tcp dport 9999 accept',
    ]);
    rmSync(join(own, 'typed.nft'));
  });

  test('rules of the operator are loaded by the next run, and go with their file', () => {
    const text = shown(`${PROVISION}
echo 'ip saddr 203.0.113.9 drop' >${own}/mine.nft
provision
nft list table inet tapgrid | grep -c 203.0.113.9
rm ${own}/mine.nft
provision
nft list table inet tapgrid`);
    expect(text.match(/changes \d, fault: .*/g)).toEqual(['changes 1, fault: ', 'changes 1, fault: ']);
    expect([text.includes('\n1\n'), last(text).includes('203.0.113.9')]).toEqual([true, false]);
    expect(existsSync(join(own, 'typed.nft'))).toBe(false);
  });

  test('a filter that is gone is loaded again, and a file that the kernel rejects is named and changes nothing', () => {
    const text = shown(`${PROVISION}
echo 'ip sadr 203.0.113.9 drop' >${own}/bad.nft
provision
nft list chain inet tapgrid input | grep -c 'policy drop'
nft flush ruleset
provision
rm ${own}/bad.nft
provision
nft list table inet tapgrid`);
    const fault = `fault: the kernel rejects ${own}/bad.nft, so the packet filter was not loaded`;
    expect(text.match(/changes \d, fault: .*/g)).toEqual([
      `changes 0, ${fault}`,
      `changes 0, ${fault}`,
      'changes 1, fault: ',
    ]);
    expect([text.includes('\n1\n'), last(text).includes('policy drop')]).toEqual([true, true]);
  });

  test('where no network of its own can be had, nothing is taken for typed, and only a change of ours is loaded', () => {
    const text = shown(`${PROVISION}
unshare() { return 1; }
provision
touched=yes; provision; touched=no
nft flush ruleset
provision
nft list table inet tapgrid`);
    expect(text.match(/changes \d/g)).toEqual(['changes 0', 'changes 1', 'changes 1']);
    expect([last(text).includes('policy drop;'), existsSync(join(own, 'typed.nft'))]).toEqual([true, false]);
  });

  test('who fills a set, or is counted, is no difference', () => {
    const text = shown(`${PROVISION}
nft add element inet tapgrid ssh_guess '{ 203.0.113.9 limit rate over 10/minute burst 10 packets }'
provision`);
    expect(text).toEndWith('changes 0, fault: \n');
  });

  test('an upgrade from rules that read the operator’s files into the chain of ours keeps each once', () => {
    writeFileSync(join(own, '10-mine.nft'), 'ip saddr 203.0.113.0/24 drop\n');
    const text = shown(`${PROVISION}
cp ${rules} ${rules}.new
sed -i -e '/chain operator/,/^  }/d' -e 's|jump operator|include "${own}/*.nft"|' ${rules}
nft -f ${rules}
before=$(cat ${rules})
cp ${rules}.new ${rules}
provision "$before"
nft list table inet tapgrid`);
    expect([last(text).split('203.0.113.0/24').length, existsSync(join(own, 'typed.nft'))]).toEqual([
      2,
      false,
    ]);
    rmSync(join(own, '10-mine.nft'));
  });

  test('the doctor says whether it is loaded, gone, or another one', () => {
    const doctor = join(import.meta.dir, '../scripts/doctor');
    const script = join(folder, 'doctor.ts');
    writeFileSync(
      script,
      `import { asks } from '${doctor}/units.ts';
import { firewall } from '${doctor}/firewall.ts';
for (const { state, says } of firewall(asks(process.env.PATH), process.argv[2] ?? '')) console.log(state, says);
`,
    );
    const look = `${process.execPath} ${script} ${rules}`;
    const text = shown(`
${look} && ${look}.missing
echo 'ip saddr 203.0.113.9 drop' >${own}/mine.nft; ${look}
echo 'ip sadr 203.0.113.9 drop' >${own}/mine.nft; ${look}
rm ${own}/mine.nft
nft flush ruleset; ${look}`);
    expect(text.split('\n')).toEqual([
      'well packet filter: loaded',
      expect.stringMatching(/^wrong packet filter: differs from /),
      expect.stringMatching(
        /^wrong packet filter: loaded, and the kernel rejects the files: .*mine\.nft:1:4-7: /,
      ),
      'wrong packet filter: not loaded',
      '',
    ]);
  });
});

test('the last port on which ssh answers is not closed from a console, and is once ssh has moved', () => {
  const bin = join(folder, 'listening');
  mkdirSync(bin);
  const chosen = (listening: string, ports: string) => {
    const lines = listening
      .split(' ')
      .map((port) => `LISTEN 0 128 [::]:${port} [::]:* users:(("sshd",pid=1,fd=3))`);
    writeFileSync(join(bin, 'ss'), `#!/bin/sh\ncat <<'TEXT'\n${lines.join('\n')}\nTEXT\n`, { mode: 0o755 });
    const parts = ['options', 'ssh']
      .map((name) => `. '${join(import.meta.dir, 'provision', name)}.sh'`)
      .join('; ');
    const script =
      `say() { echo "$1"; }; root=; ${parts}; login_port() { :; }; SSH_PORTS='${ports}'; ` +
      'choose_ssh_ports; echo "$SSH_PORTS"';
    const { stdout } = Bun.spawnSync(['bash', '-euc', script], { env: { PATH: `${bin}:/usr/bin:/bin` } });
    return stdout.toString();
  };
  const left = chosen('22', '2222');
  expect(left).toContain('ssh listens on 22 and not on 2222, so 22 stays open too');
  expect(left).toEndWith('\n22 2222\n');
  for (const [listening, ports, expected] of [
    ['2222', '2222', '2222'],
    ['22 2222', '2222', '2222'],
    ['2022', '', '2022'],
  ] as const) {
    const text = chosen(listening, ports);
    expect([text.includes('stays open'), /(\d+).*\n$/.exec(text)?.[1]]).toEqual([false, expected]);
  }
});

test('another filter of this machine is named, with what lets the web in', () => {
  const bin = join(folder, 'filters');
  mkdirSync(bin);
  const sentences = (status: string): string => {
    writeFileSync(join(bin, 'ufw'), `#!/bin/sh\necho 'Status: ${status}'\n`, { mode: 0o755 });
    return Bun.spawnSync(
      [
        'bash',
        '-c',
        `. '${join(import.meta.dir, 'provision/firewall.sh')}'; say() { echo "$1"; }; root=; name_other_filters`,
      ],
      { env: { PATH: `${bin}:/usr/bin:/bin` } },
    ).stdout.toString();
  };
  expect([sentences('inactive'), sentences('active')]).toEqual([
    '',
    expect.stringContaining('ufw allow 80,443/tcp'),
  ]);
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
