import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parseSettingsFile } from '../../server/config-file.ts';
import { machineIsPossible, startMachine, type Machine } from './machine.ts';

describe.skipIf(!machineIsPossible)('under a real systemd (root, namespaces and cgroup v2 needed)', () => {
  let machine: Machine;
  beforeAll(async () => void (machine = await startMachine()), 180_000);
  afterAll(() => machine.stop());

  test('it is active once it says so, and tells what it runs on', () => {
    expect([show('SubState'), show('StatusText'), show('NRestarts')]).toEqual([
      'running',
      'Prices: simulated prices',
      '0',
    ]);
    return machine.until('the first price', isServing);
  });

  test('it runs without rights: no capability, no new privileges, system calls filtered, its own user', () => {
    const status = run(`cat /proc/${show('MainPID')}/status`);
    for (const line of [
      /^CapEff:\t0+$/m,
      /^CapBnd:\t0+$/m,
      /^NoNewPrivs:\t1$/m,
      /^Seccomp:\t2$/m,
      /^Uid:\t970\t970\t970\t970$/m,
    ])
      expect(status).toMatch(line);
  });

  test('data is for the owner alone, the socket for the proxy as well', () => {
    expect(
      run(
        'stat -c "%a %U:%G" /var/lib/tapgrid /var/lib/tapgrid/tapgrid.db /run/tapgrid /run/tapgrid/http.sock',
      )
        .trim()
        .split('\n'),
    ).toEqual(['700 tapgrid:tapgrid', '600 tapgrid:tapgrid', '750 tapgrid:tapgrid', '660 tapgrid:tapgrid']);
  });

  test('the secret is a file for this process, not a variable in its environment', () => {
    expect(run(`tr '\\0' '\\n' </proc/${show('MainPID')}/environ`)).not.toContain('s3cret');
    expect(run('cat /run/credentials/tapgrid.service/tapgrid_REDIS_URL')).toContain('s3cret');
  });

  test('each unit is given its own secrets, empty ones for those that are not there', () => {
    run('systemctl start tapgrid-tail');
    const given = (unit: string): string => run(`cd /run/credentials/${unit}.service && grep -c . *`);
    expect(given('tapgrid').trim().split('\n')).toEqual([
      'tapgrid_BACKUP_S3_KEY_ID:0',
      'tapgrid_BACKUP_S3_SECRET:0',
      'tapgrid_HTTPS_PROXY:0',
      'tapgrid_OPERATOR_TOKEN:0',
      'tapgrid_REDIS_URL:1',
    ]);
    expect(given('tapgrid-tail')).toBe('tapgrid_BACKUP_S3_KEY_ID:0\ntapgrid_BACKUP_S3_SECRET:0\n');
    run('systemctl stop tapgrid-tail');
  });

  test('the check of the books needs no secret, also of a house with a bucket', () => {
    run(
      'cp /etc/tapgrid/tapgrid.env /run/kept; echo BACKUP_S3_BUCKET=bucket-of-tests ' +
        '>>/etc/tapgrid/tapgrid.env',
    );
    expect(run('systemctl start tapgrid-integrity; systemctl show tapgrid-integrity -p Result --value')).toBe(
      'success\n',
    );
    // A command by hand has the same settings as the units, so it misses the same.
    expect(run('tapgrid backup status 2>&1; echo $?')).toContain('BACKUP_S3_KEY_ID');
    run('cat /run/kept >/etc/tapgrid/tapgrid.env; rm /var/lib/tapgrid/jobs/integrity.success');
  });

  test('a command that is interrupted leaves no secrets behind', () => {
    expect(
      run(
        'timeout --signal=INT 2 tapgrid backup tail >/dev/null 2>&1; ls -d /run/tapgrid-run.* 2>/dev/null; echo none',
      ),
    ).toBe('none\n');
  });

  test('who acts is who typed it, by the token in their home', () => {
    run(
      'echo ann:x:971:971::/run/ann:/bin/sh >>/etc/passwd; install -d -m 0700 -o 971 -g 970 /run/ann; ' +
        'umask 077; ' +
        'tapgrid operators add ROOT >~/.tapgrid-token; tapgrid operators add ANN ' +
        '>/run/ann/.tapgrid-token; ' +
        'chown 971 /run/ann/.tapgrid-token',
    );
    expect(run('tapgrid halt --reason drill; SUDO_USER=ann tapgrid resume --reason done')).toContain('ANN');
    const acted = JSON.parse(run('tapgrid audit --json')) as { rows: { what: string; operator: string }[] };
    expect(acted.rows.slice(0, 2).map(({ what, operator }) => `${operator} ${what}`)).toEqual([
      'ANN resume',
      'ROOT halt',
    ]);
    expect(run('rm ~/.tapgrid-token; tapgrid halt --reason drill 2>&1; echo $?')).toMatch(
      /An operator's token is needed[\s\S]*\n1\n$/,
    );
    // A link in a home leads to nothing that its owner may not read.
    expect(
      run(
        'ln -sf /etc/tapgrid/credentials/REDIS_URL /run/ann/.tapgrid-token; SUDO_USER=ann tapgrid waiting ' +
          '2>&1; echo $?',
      ),
    ).toContain('Permission denied');
  });

  test('a second person approves with a token in a file that only root can read', () => {
    run(
      'umask 077; tapgrid operators add BOB >/root/token-of-BOB; tapgrid operators add BEA >/root/token-of-BEA',
    );
    const act = (line: string): string => run(`cd /root; tapgrid ${line} 2>&1; echo $?`);
    for (const option of ['--token-file /root/token-of-BOB', '--token-file=token-of-BOB'])
      expect(act(`halt --reason 'a "quoted"  drill' ${option}`)).toMatch(/a "quoted" {2}drill[\s\S]*\n0\n$/);
    expect(JSON.parse(run('tapgrid audit --json')).rows[0]).toMatchObject({ operator: 'BOB', what: 'halt' });
    expect(act('approve bank-4711 --token-file /root/token-of-BEA')).toMatch(/\(not_waiting\)\n1\n$/);
    expect(act('resume --reason over --token-file /root/token-of-BEA')).toMatch(/\n0\n$/);
    expect(act('approve bank-4711 --token-file /root/none')).toBe(
      'tapgrid: /root/none (--token-file) cannot be read: No such file or directory\n2\n',
    );
    expect(act('approve bank-4711 --token-file')).toMatch(/\n2\n$/);
    expect(run('ls -d /run/tapgrid-run.* 2>/dev/null; echo none')).toBe('none\n');
  });

  test('a file of settings means to the program what it means to systemd', () => {
    const text = [
      'A=live # text',
      'B=a & b; c | d',
      'C=p$a55$(id)`id`',
      'D="q \\"q\\" \\\\ \\$x \\n"  ',
      'E=\'s \\ "s"\'',
      'F = spaced  out  ',
      'G=it\'s "so"',
      'H="a" \'b\' c',
      'I=a\\ b \\',
      '  c',
      '; J=comment',
      'K=',
      'L=1',
      'L=2',
      'M=a\\ ',
      'N="two',
      'lines"',
    ].join('\n');
    run(`cat >/run/probe.env <<'END'\n${text}\nEND
cat >/run/systemd/system/probe.service <<'END'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
EnvironmentFile=/run/probe.env
ExecStart=/usr/bin/env -0
StandardOutput=file:/run/probe.out
END
systemctl daemon-reload && systemctl start probe`);
    const seen = Object.fromEntries(
      run("tr '\\n\\0' '\\001\\n' </run/probe.out")
        .split('\n')
        .map((line) => line.replaceAll('\u0001', '\n'))
        .filter((line) => /^[A-Z]=/.test(line))
        .map((line) => [line.slice(0, 1), line.slice(2)]),
    );
    expect(Object.keys(seen)).toHaveLength(13);
    expect(parseSettingsFile(text).values).toEqual(seen);
  });

  test('a crash is followed by a restart', async () => {
    run(`kill -KILL ${show('MainPID')}`);
    await machine.until('the restart', () => show('NRestarts') === '1' && show('ActiveState') === 'active');
    await machine.until('the first price', isServing);
  });

  test('a process that lives but does not move is replaced', async () => {
    const stuck = show('MainPID');
    run(`kill -STOP ${stuck}`);
    await machine.until('the watchdog', () => show('NRestarts') === '2' && show('ActiveState') === 'active');
    expect(show('MainPID')).not.toBe(stuck);
  }, 180_000);

  test('a job that succeeds leaves the time of that, one that fails the time of that', () => {
    expect([
      run('systemctl start tapgrid-backup; echo $?'),
      run('systemctl start tapgrid-archive 2>/dev/null; echo $?'),
    ]).toEqual(['0\n', '1\n']);
    expect(run('cd /var/lib/tapgrid/jobs && stat -c "%n %a %U" *.success *.failed')).toBe(
      'backup.success 600 tapgrid\narchive.failed 600 tapgrid\n',
    );
  });

  test('asked to stop it stops in order and stays stopped', async () => {
    run('systemctl stop tapgrid');
    expect([show('ActiveState'), show('Result'), show('ExecMainStatus')]).toEqual([
      'inactive',
      'success',
      '0',
    ]);
    expect(await machine.log()).toContain('"msg":"stopping"');
  });

  const run = (script: string): string => machine.run(script).text;
  const show = (property: string): string => machine.show(property);
  const isServing = (): boolean =>
    run('curl -s --unix-socket /run/tapgrid/http.sock http://x/readyz') === '{"ready":true}';
});
