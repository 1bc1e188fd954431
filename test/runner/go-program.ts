import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './errand.ts';

/** A program in Go: the version of a module, and the package inside it that is the program. */
export interface GoProgram {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  readonly package: string;
}

/**
 * Builds a program into `<folder>/bin`; what Go says goes to `<folder>/go-<name>.log`. A module of its own
 * asks for that one version: `go install` would ask for the list of all versions as well, which not every
 * mirror has of every module. Modules and built packages stay in Go's caches, so a build that was ended goes
 * on where it stopped.
 * @returns whether it was built.
 */
export async function goBuild(
  go: string,
  program: GoProgram,
  folder: string,
  progress?: (bytes: number) => void,
): Promise<boolean> {
  const home = join(folder, 'go', program.name);
  await mkdir(home, { recursive: true });
  await Bun.write(
    join(home, 'go.mod'),
    `module tapgrid.example/tools\n\nrequire ${program.module} ${program.version}\n`,
  );
  const env = { ...process.env, GOWORK: 'off', CGO_ENABLED: '0' };
  const { stdout } = Bun.spawnSync([go, 'env', 'GOMODCACHE', 'GOCACHE'], {
    cwd: home,
    env,
    stderr: 'ignore',
  });
  const [modules, packages] = stdout.toString().trim().split('\n');
  if (modules === undefined || packages === undefined) return false;
  return run(
    {
      // Tests run beside it.
      words: [
        'nice',
        '-n',
        '10',
        go,
        'build',
        '-mod=mod',
        '-o',
        join(folder, 'bin', program.name),
        program.package,
      ],
      cwd: home,
      env,
      log: join(folder, `go-${program.name}.log`),
      grows: [join(modules, 'cache/download'), packages],
    },
    progress,
  );
}
