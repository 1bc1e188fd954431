import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseOf, removeReleases } from '../release.ts';

const NAMESPACES = ['unshare', '--mount', '--pid', '--cgroup', '--fork'];

/** Where cgroup v2 is mounted; undefined where it is not. */
export const hierarchy = /^cgroup2 (\S+) /m.exec(
  existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '',
)?.[1];

/** Whether this process may make such a machine: root, cgroup v2, namespaces. */
export const machineIsPossible =
  process.getuid?.() === 0 &&
  hierarchy !== undefined &&
  Bun.which('unshare') !== null &&
  Bun.spawnSync([...NAMESPACES, 'true']).exitCode === 0;

export interface Answer {
  readonly exitCode: number;
  readonly text: string;
  readonly error: string;
}

export interface Machine {
  /** Runs a script of bash inside. */
  run(script: string): Answer;
  /** A property of the server's unit. */
  show(property: string): string;
  /** What the units have written so far. */
  log(): Promise<string>;
  until(what: string, look: () => boolean): Promise<void>;
  /** All of it stands still for so long, as where a virtual machine is moved or copied. */
  pause(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a real systemd as process 1 of namespaces of its own, with the units of this folder, and waits until
 * the server is active. See machine.sh.
 */
export async function startMachine(): Promise<Machine> {
  const release = await releaseOf('0.0.1');
  const scratch = mkdtempSync(join(tmpdir(), 'tapgrid-machine-'));
  const group = join(hierarchy!, `tapgrid-test-${process.pid}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(group);
  const inside = [
    ...NAMESPACES,
    '--kill-child=KILL',
    'bash',
    join(import.meta.dir, 'machine.sh'),
    release,
    scratch,
  ];
  const child = Bun.spawn(['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', group, ...inside], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: Bun.file(join(scratch, 'machine.err')),
  });
  const first = (): string => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();

  const machine: Machine = {
    run(script) {
      const { exitCode, stdout, stderr } = Bun.spawnSync([
        'nsenter',
        '--target',
        first(),
        '--mount',
        '--pid',
        'env',
        'SYSTEMD_IGNORE_CHROOT=1',
        'SYSTEMD_COLORS=0',
        'HOME=/root',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'bash',
        '-c',
        script,
      ]);
      return { exitCode, text: stdout.toString(), error: stderr.toString() };
    },
    show: (property) => machine.run(`systemctl show tapgrid.service --value -p ${property}`).text.trim(),
    log: () => Bun.file(join(scratch, 'unit.log')).text(),
    async until(what, look) {
      for (let tries = 0; !look(); tries++) {
        if (tries > 1_200)
          throw new Error(
            `waited in vain for ${what}; ${await Bun.file(join(scratch, 'machine.err')).text()}`,
          );
        await Bun.sleep(100);
      }
    },
    async pause(ms) {
      const isFrozen = join(group, 'cgroup.freeze');
      writeFileSync(isFrozen, '1');
      await Bun.sleep(ms);
      writeFileSync(isFrozen, '0');
    },
    async stop() {
      child.kill('SIGKILL');
      await child.exited;
      await machine.until('the group to be empty', () => removed(group));
      rmSync(scratch, { recursive: true, force: true });
      removeReleases();
    },
  };
  await machine.until('process 1', () => first() !== '');
  await machine.until('the unit to be active', () => machine.show('ActiveState') === 'active');
  return machine;
}

/**
 * Groups can only be removed one by one, the inner ones first. @returns false while something lives in one.
 */
export function removed(folder: string): boolean {
  try {
    for (const inner of readdirSync(folder, { withFileTypes: true }))
      if (inner.isDirectory()) removed(join(folder, inner.name));
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
