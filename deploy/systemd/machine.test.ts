import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parseSettingsFile } from '../../server/config-file.ts';
import { machineIsPossible, startMachine, type Machine } from './machine.ts';

/** Longer than engine and edge may be silent here. */
const PAUSE_MS = 4_000;
/** So long after its start one that is killed again and again has been. */
const LASTING_S = 5;

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

  test('data is for the owner alone, the sockets of visitors and operators for the proxy as well', () => {
    const modeOf = (path: string): string => `${path} ${run(`stat -Lc "%a %U:%G" ${path}`).trim()}`;
    expect(
      [
        '/var/lib/tapgrid',
        '/var/lib/tapgrid/tapgrid.db',
        '/run/tapgrid',
        '/run/tapgrid/http.sock',
        '/run/tapgrid/ops.sock',
        '/run/tapgrid/link.sock',
        '/run/tapgrid-edge-1',
      ].map(modeOf),
    ).toEqual([
      '/var/lib/tapgrid 700 tapgrid:tapgrid',
      '/var/lib/tapgrid/tapgrid.db 600 tapgrid:tapgrid',
      '/run/tapgrid 750 tapgrid:tapgrid',
      '/run/tapgrid/http.sock 660 tapgrid:tapgrid',
      '/run/tapgrid/ops.sock 660 tapgrid:tapgrid',
      '/run/tapgrid/link.sock 600 tapgrid:tapgrid',
      '/run/tapgrid-edge-1 750 tapgrid:tapgrid',
    ]);
  });

  test('the engine comes before its edges: by processor, disk and memory', () => {
    const share = (unit: string): number[] =>
      ['CPUWeight', 'IOWeight', 'MemoryMax'].map((name) =>
        Number(run(`systemctl show ${unit} --value -p ${name}`)),
      );
    const [engine, edge] = [share('tapgrid'), share('tapgrid-edge@1')];
    for (const [index, of] of engine.entries()) expect(of).toBeGreaterThan(edge[index]!);
    const badness = (unit: string): number => Number(run(`systemctl show ${unit} --value -p OOMScoreAdjust`));
    expect([badness('tapgrid'), badness('tapgrid-edge@1')]).toEqual([-500, 500]);
    // The kernel of a machine within this one may not let a process be spared.
    expect(Number(run(`cat /proc/${edgePid()}/oom_score_adj`))).toBe(500);
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

  test('a card is drawn within the limits of an edge', () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="18">8.40</text></svg>';
    const unit = [
      '[Unit]',
      'DefaultDependencies=no',
      '[Service]',
      'Type=oneshot',
      'StandardInput=file:/run/card.svg',
      'StandardOutput=file:/run/card.out',
      'ExecStart=/usr/bin/nice -n 10 /opt/tapgrid/current/tapgrid draw-card',
    ].join('\n');
    run(`printf '%s' '${svg}' >/run/card.svg
      cd /run/units
      mkdir card.service.d
      cp tapgrid-edge@.service.d/10-sandbox.conf card.service.d/
      printf '%s' '${unit}' >card.service
      systemctl daemon-reload && systemctl start card`);
    expect(Buffer.from(run('cat /run/card.out'), 'base64').toString('latin1')).toStartWith('\x89PNG\r\n');
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

  describe('an edge', () => {
    test('stays while the engine is killed, and serves again with the next one', async () => {
      const [engine, edge] = [show('MainPID'), edgePid()];
      run(`kill -KILL ${engine}`);
      await machine.until(
        'another engine',
        () => show('MainPID') !== engine && show('ActiveState') === 'active',
      );
      await machine.until('the board again', isServing);
      expect(edgePid()).toBe(edge);
    }, 60_000);

    test('that stands still is killed and starts anew; the engine notices nothing', async () => {
      const [engine, edge] = [show('MainPID'), edgePid()];
      run(`kill -STOP ${edge}`);
      await machine.until('another edge', () => !['0', edge].includes(edgePid()) && isServing());
      expect(restarts('tapgrid-edge@1')).toBeGreaterThan(0);
      expect(show('MainPID')).toBe(engine);
    }, 60_000);

    test('and the engine are restarted once at most where all of the machine was paused', async () => {
      const before = ['tapgrid', 'tapgrid-edge@1'].map(restarts);
      await machine.pause(PAUSE_MS);
      await machine.until(
        'processes that last',
        () => isServing() && ['tapgrid', 'tapgrid-edge@1'].every((unit) => secondsOf(unit) > LASTING_S),
      );
      const after = ['tapgrid', 'tapgrid-edge@1'].map(restarts);
      for (const [index, count] of after.entries()) expect(count).toBeLessThanOrEqual(before[index]! + 1);
    }, 60_000);

    test('takes up new settings when the engine starts with them', async () => {
      const edge = edgePid();
      run('echo TAPS_PER_SECOND_MAX=7 >>/etc/tapgrid/tapgrid.env; systemctl restart tapgrid');
      await machine.until('another edge', () => !['0', edge].includes(edgePid()) && isServing());
      run('sed -i /TAPS_PER_SECOND/d /etc/tapgrid/tapgrid.env; systemctl restart tapgrid');
      await machine.until('the board again', isServing);
    }, 60_000);

    test('is one of several where more are started, each with a socket of its own', async () => {
      run('systemctl start tapgrid-edge@2');
      expect(run('curl -s --unix-socket /run/tapgrid-edge-2/http.sock http://x/readyz')).toBe(
        '{"ready":true}',
      );
      const count = (): string =>
        run("curl -s --unix-socket /run/tapgrid/operations.sock http://x/metrics | grep '^tapgrid_edges '");
      await machine.until('two edges', () => count() === 'tapgrid_edges 2\n');
      run('systemctl stop tapgrid-edge@2');
      expect(run('ls -d /run/tapgrid-edge-2 2>/dev/null; echo none')).toBe('none\n');
    });
  });

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
    // Whoever has a page open is told that the engine is away, until it is started again.
    expect(run('systemctl is-active tapgrid-edge@1')).toBe('active\n');
    run('systemctl start tapgrid');
    await machine.until('the board again', isServing);
    run('systemctl stop tapgrid tapgrid-edge@1');
    expect(run('ls -d /run/tapgrid /run/tapgrid-edge-1 2>/dev/null; echo none')).toBe('none\n');
  });

  const run = (script: string): string => machine.run(script).text;
  const show = (property: string): string => machine.show(property);
  const edgePid = (): string => run('systemctl show tapgrid-edge@1 --value -p MainPID').trim();
  const restarts = (unit: string): number => Number(run(`systemctl show ${unit} --value -p NRestarts`));
  /** Since it was ready. */
  const secondsOf = (unit: string): number =>
    Number(run('cut -d. -f1 /proc/uptime')) -
    Number(run(`systemctl show ${unit} --value -p ActiveEnterTimestampMonotonic`)) / 1e6;
  const isServing = (): boolean =>
    run('curl -s --unix-socket /run/tapgrid/http.sock http://x/readyz') === '{"ready":true}';
});
