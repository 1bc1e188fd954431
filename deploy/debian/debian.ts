import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hierarchy, machineIsPossible, removed, type Answer } from '../systemd/machine.ts';

const ROOT = join(import.meta.dir, '../..');
const NAMESPACES = [
  'unshare',
  '--mount',
  '--pid',
  '--net',
  '--uts',
  '--ipc',
  '--cgroup',
  '--fork',
  '--kill-child=KILL',
];
const here = (name: string): string => join(import.meta.dir, name);

/**
 * The files under the machine: this one's own, or a bare Debian that `debootstrap` has made (with systemd,
 * dbus and iproute2), which TAPGRID_DEBIAN names.
 * Nothing is written to them.
 */
const under = process.env.TAPGRID_DEBIAN ?? '/';
const isDebian12 = ((text: string): boolean => /^ID=debian$/m.test(text) && /^VERSION_ID="12"$/m.test(text))(
  existsSync(join(under, 'etc/os-release')) ? readFileSync(join(under, 'etc/os-release'), 'utf8') : '',
);

/**
 * Whether this process may boot such a machine: root, cgroup v2, namespaces, overlays, and the files of
 * Debian 12 with systemd.
 */
export const debianIsPossible =
  machineIsPossible &&
  isDebian12 &&
  existsSync(join(under, 'lib/systemd/systemd')) &&
  /\boverlay$/m.test(readFileSync('/proc/filesystems', 'utf8'));

/** A Debian with what `provision.sh` asks of packages, and nothing else done to it yet. */
export interface Debian {
  /** Starts it, its systemd first; the one that runs is cut off before. */
  boot(): Promise<void>;
  /** Runs a script of bash in it as root. */
  run(script: string): Answer;
  /** The same, which goes on by itself. */
  spawn(script: string): Bun.Subprocess<'ignore', 'pipe', 'inherit'>;
  until(what: string, script: string): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error when the tree cannot be made or its packages not be had. */
export async function makeDebian(): Promise<Debian> {
  const scratch = mkdtempSync(join(tmpdir(), 'tapgrid-debian-'));
  const root = join(scratch, 'root');
  const group = join(hierarchy!, `tapgrid-debian-${process.pid}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(group);
  // Holds the tree for as long as its standard input is open, so it ends with this process.
  const holder = Bun.spawn(
    ['unshare', '--mount', 'bash', here('tree.sh'), under, scratch, ROOT, process.execPath],
    { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' },
  );
  const first = await holder.stdout.getReader().read();
  if (first.value === undefined) throw new Error('the tree could not be made');
  const inTree = (...words: string[]): string[] => [
    'nsenter',
    '--target',
    String(holder.pid),
    '--mount',
    ...words,
  ];
  const packages = Bun.spawnSync(inTree('bash', here('packages.sh'), root));
  if (packages.exitCode !== 0)
    throw new Error(`its packages cannot be had: ${packages.stdout}${packages.stderr}`);

  let machine: Bun.Subprocess | null = null;
  const one = (): string =>
    readFileSync(`/proc/${machine!.pid}/task/${machine!.pid}/children`, 'utf8').trim();
  const inside = (script: string): string[] => [
    'nsenter',
    '--target',
    one(),
    '--mount',
    '--pid',
    '--net',
    '--uts',
    '--ipc',
    '--cgroup',
    '--root',
    '--wdns=/root',
    'env',
    '-i',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'SYSTEMD_COLORS=0',
    'bash',
    '-c',
    script,
  ];
  const run = (script: string): Answer => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(inside(script));
    return { exitCode, text: stdout.toString(), error: stderr.toString() };
  };
  const until = async (what: string, script: string): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const { exitCode, text, error } = one() === '' ? { exitCode: -1, text: '', error: '' } : run(script);
      if (exitCode === 0) return;
      if (tries > 1_200) throw new Error(`waited in vain for ${what}: ${text}${error}`);
      await Bun.sleep(200);
    }
  };
  const cutOff = async (): Promise<void> => {
    machine?.kill('SIGKILL');
    await machine?.exited;
    for (let tries = 0; !removed(group); tries++) {
      if (tries > 1_200) throw new Error('something lives on in the group of the machine');
      await Bun.sleep(100);
    }
  };
  return {
    run,
    until,
    spawn: (script) => Bun.spawn(inside(script), { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' }),
    async boot() {
      await cutOff();
      mkdirSync(group, { recursive: true });
      machine = Bun.spawn(
        inTree(
          'sh',
          '-c',
          'echo $$ >"$0/cgroup.procs" && exec "$@"',
          group,
          ...NAMESPACES,
          'bash',
          here('boot.sh'),
          root,
        ),
        { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit' },
      );
      await until('the end of the boot', 'systemctl is-system-running | grep -qE "^(running|degraded)$"');
    },
    async stop() {
      await cutOff();
      holder.stdin.end();
      await holder.exited;
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
