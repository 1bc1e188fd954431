import { join } from 'node:path';

const MINUTES_MAX = 2;

/** Runs the compiler over the project; its complaints go to standard output. */
export async function typesAreRight(root: string): Promise<boolean> {
  const child = Bun.spawn([process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '--noEmit'], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    timeout: MINUTES_MAX * 60_000,
  });
  return (await child.exited) === 0;
}
