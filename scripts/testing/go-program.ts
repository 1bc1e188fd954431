import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const BUILD_MINUTES_MAX = 12;

/** A program in Go: the version of a module, and the package inside it that is the program. */
export interface GoProgram {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  readonly package: string;
}

/**
 * Builds a program into `<folder>/bin`; what Go says goes to `<folder>/go.log`. A module of its own asks for that one version: `go install` would ask for the list of all versions as
 * well, which not every mirror has of every module. @returns whether it was built.
 */
export async function goBuild(go: string, program: GoProgram, folder: string): Promise<boolean> {
  const log = join(folder, 'go.log');
  const home = join(folder, 'go', program.name);
  await mkdir(home, { recursive: true });
  await Bun.write(log, '');
  await Bun.write(join(home, 'go.mod'), `module tapgrid.example/tools\n\nrequire ${program.module} ${program.version}\n`);
  const child = Bun.spawn([go, 'build', '-mod=mod', '-o', join(folder, 'bin', program.name), program.package], {
    cwd: home,
    env: { ...process.env, GOWORK: 'off', CGO_ENABLED: '0' },
    stdin: 'ignore',
    stdout: Bun.file(log),
    stderr: Bun.file(log),
    timeout: BUILD_MINUTES_MAX * 60_000,
  });
  return (await child.exited) === 0;
}
