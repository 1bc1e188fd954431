import { join } from 'node:path';

const BUILD_MINUTES_MAX = 12;

/** Builds a program (`<module path>@<version>`) into `<folder>/bin`; what Go says goes to `<folder>/go.log`. @returns whether it was built. */
export async function goInstall(go: string, program: string, folder: string): Promise<boolean> {
  const log = join(folder, 'go.log');
  await Bun.write(log, '');
  const child = Bun.spawn([go, 'install', program], {
    // Outside any module, so that no file of ours has a say in it.
    cwd: '/',
    env: { ...process.env, GOBIN: join(folder, 'bin'), CGO_ENABLED: '0' },
    stdin: 'ignore',
    stdout: Bun.file(log),
    stderr: Bun.file(log),
    timeout: BUILD_MINUTES_MAX * 60_000,
  });
  return (await child.exited) === 0;
}
