import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The units under a real systemd, in namespaces of its own: needs root, cgroup v2 and the right to make namespaces. */

const ROOT = join(import.meta.dir, '../..');
const HIERARCHY = /^cgroup2 (\S+) /m.exec(existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '')?.[1];
const able = process.getuid?.() === 0 && HIERARCHY !== undefined && Bun.which('unshare') !== null && Bun.spawnSync(['unshare', '--mount', '--pid', '--cgroup', '--fork', 'true']).exitCode === 0;

describe.skipIf(!able)('under a real systemd (root, namespaces and cgroup v2 needed)', () => {
  let machine: Bun.Subprocess;
  let one: string;
  const scratch = mkdtempSync(join(tmpdir(), 'tapgrid-machine-'));
  const group = join(HIERARCHY ?? '', `tapgrid-test-${process.pid}`);

  beforeAll(async () => {
    mkdirSync(group);
    const inside = ['unshare', '--mount', '--pid', '--cgroup', '--fork', '--kill-child=KILL', 'bash', join(import.meta.dir, 'machine.sh'), ROOT, process.execPath, scratch];
    machine = Bun.spawn(['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', group, ...inside], { stdin: 'ignore', stdout: Bun.file(join(scratch, 'machine.log')), stderr: Bun.file(join(scratch, 'machine.err')) });
    one = await until('process 1', () => readFileSync(`/proc/${machine.pid}/task/${machine.pid}/children`, 'utf8').trim());
    await until('the unit to be active', () => show('ActiveState') === 'active');
  }, 60_000);

  afterAll(async () => {
    machine.kill('SIGKILL');
    await machine.exited;
    await until('the group to be empty', () => removed(group));
    rmSync(scratch, { recursive: true, force: true });
  });

  test('it is active once it says so, and tells what it runs on', () => {
    expect([show('SubState'), show('StatusText'), show('NRestarts')]).toEqual(['running', 'Prices: simulated prices', '0']);
    return until('the first price', isServing);
  });

  test('it runs without rights: no capability, no new privileges, system calls filtered, its own user', () => {
    const status = run(`cat /proc/${show('MainPID')}/status`);
    for (const line of [/^CapEff:\t0+$/m, /^CapBnd:\t0+$/m, /^NoNewPrivs:\t1$/m, /^Seccomp:\t2$/m, /^Uid:\t970\t970\t970\t970$/m]) expect(status).toMatch(line);
  });

  test('data is for the owner alone, the socket for the proxy as well', () => {
    expect(run('stat -c "%a %U:%G" /var/lib/tapgrid /var/lib/tapgrid/tapgrid.db /run/tapgrid /run/tapgrid/http.sock').trim().split('\n')).toEqual(['700 tapgrid:tapgrid', '600 tapgrid:tapgrid', '750 tapgrid:tapgrid', '660 tapgrid:tapgrid']);
  });

  test('the secret is a file for this process, not a variable in its environment', () => {
    expect(run(`tr '\\0' '\\n' </proc/${show('MainPID')}/environ`)).not.toContain('s3cret');
    expect(run('cat /run/credentials/tapgrid.service/tapgrid_REDIS_URL')).toContain('s3cret');
  });

  test('a crash is followed by a restart', async () => {
    run(`kill -KILL ${show('MainPID')}`);
    await until('the restart', () => show('NRestarts') === '1' && show('ActiveState') === 'active');
    await until('the first price', isServing);
  });

  test('a process that lives but does not move is replaced', async () => {
    const stuck = show('MainPID');
    run(`kill -STOP ${stuck}`);
    await until('the watchdog', () => show('NRestarts') === '2' && show('ActiveState') === 'active');
    expect(show('MainPID')).not.toBe(stuck);
  }, 60_000);

  test('a job that succeeds leaves the time, one that fails does not', () => {
    expect([run('systemctl start tapgrid-backup; echo $?'), run('systemctl start tapgrid-archive 2>/dev/null; echo $?')]).toEqual(['0\n', '1\n']);
    expect(run('cd /var/lib/tapgrid/jobs && stat -c "%n %a %U" *')).toBe('backup.success 600 tapgrid\n');
  });

  test('asked to stop it stops in order and stays stopped', async () => {
    run('systemctl stop tapgrid');
    expect([show('ActiveState'), show('Result'), show('ExecMainStatus')]).toEqual(['inactive', 'success', '0']);
    expect(await Bun.file(join(scratch, 'unit.log')).text()).toContain('"msg":"stopping"');
  });

  const run = (command: string): string =>
    Bun.spawnSync(['nsenter', '--target', one, '--mount', '--pid', 'env', 'SYSTEMD_IGNORE_CHROOT=1', 'bash', '-c', command]).stdout.toString();
  const isServing = (): boolean => run('curl -s --unix-socket /run/tapgrid/http.sock http://x/readyz') === '{"ready":true}';
  const show = (property: string): string => run(`systemctl show tapgrid.service --value -p ${property}`).trim();

  async function until<Found>(what: string, look: () => Found): Promise<NonNullable<Found>> {
    for (let tries = 0; tries < 300; tries++) {
      const found = look();
      if (found) return found;
      await Bun.sleep(100);
    }
    throw new Error(`waited in vain for ${what}; ${await Bun.file(join(scratch, 'machine.err')).text()}`);
  }

  /** Groups can only be removed one by one, the inner ones first. */
  function removed(folder: string): boolean {
    try {
      for (const inner of readdirSync(folder, { withFileTypes: true })) if (inner.isDirectory()) removed(join(folder, inner.name));
      rmdirSync(folder);
      return true;
    } catch {
      return false;
    }
  }
});
