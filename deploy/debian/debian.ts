import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hierarchy, machineIsPossible, removed, type Answer } from '../systemd/machine.ts';

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

/** A tree of files that a machine can be made of. */
export interface System {
  /** Such as `debian 12`. */
  readonly name: string;
  readonly under: string;
}

const SUPPORTED = ['debian 12', 'debian 13', 'ubuntu 22.04', 'ubuntu 24.04'];

/**
 * What can be booted here: the files of this machine, and trees that `debootstrap` has made (with systemd and
 * dbus), which TAPGRID_SYSTEMS names with `:` between them. Nothing is written to them. None without root,
 * cgroup v2, namespaces and overlays.
 */
export const systems: readonly System[] = (process.env.TAPGRID_SYSTEMS ?? '/')
  .split(':')
  .map((under) => ({ name: nameOf(under), under }))
  .filter(
    ({ name, under }) =>
      machineIsPossible &&
      SUPPORTED.includes(name) &&
      existsSync(join(under, 'lib/systemd/systemd')) &&
      /\boverlay$/m.test(readFileSync('/proc/filesystems', 'utf8')),
  );

function nameOf(under: string): string {
  const path = join(under, 'etc/os-release');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return `${value('ID')} ${value('VERSION_ID')}`;
}

/** A Debian with what `provision.sh` asks of packages, and nothing else done to it yet. */
export interface Debian {
  /** Starts it, its systemd first; the one that runs is cut off before. */
  boot(): Promise<void>;
  /** Runs a script of bash in it as root. */
  run(script: string): Answer;
  /** The same, which goes on by itself. */
  spawn(script: string): Bun.Subprocess<'ignore', 'pipe', 'inherit'>;
  until(what: string, script: string): Promise<void>;
  /** Its first process, by the number that it has outside. */
  first(): string;
  stop(): Promise<void>;
}

/**
 * @param under see {@link System}.
 * @param release stands at /root/release. @param brought stands at /root/brought.
 * @throws Error when the tree cannot be made or its packages not be had.
 */
export async function makeDebian(under: string, release: string, brought: string): Promise<Debian> {
  const scratch = mkdtempSync(join(tmpdir(), 'tapgrid-debian-'));
  const root = join(scratch, 'root');
  const group = join(hierarchy!, `tapgrid-debian-${process.pid}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(group);
  // Holds the tree for as long as its standard input is open, so it ends with this process.
  const holder = Bun.spawn(
    ['unshare', '--mount', 'bash', here('tree.sh'), under, scratch, release, brought],
    { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' },
  );
  const said = await holder.stdout.getReader().read();
  if (said.value === undefined) throw new Error('the tree could not be made');
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
  const first = (): string =>
    readFileSync(`/proc/${machine!.pid}/task/${machine!.pid}/children`, 'utf8').trim();
  const inside = (script: string): string[] => [
    'nsenter',
    '--target',
    first(),
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
      const { exitCode, text, error } = first() === '' ? { exitCode: -1, text: '', error: '' } : run(script);
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
    first,
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
