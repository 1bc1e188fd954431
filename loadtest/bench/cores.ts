import { availableParallelism } from 'node:os';

/**
 * Binds two processes, with all their threads, to a processor core each. @returns false where there is one
 * core alone, or no `taskset`.
 */
export function onOwnCores(first: number, second: number): boolean {
  if (availableParallelism() < 2 || Bun.which('taskset') === null) return false;
  return [first, second].every(
    (pid, core) =>
      Bun.spawnSync(['taskset', '--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
        stdout: 'ignore',
        stderr: 'ignore',
      }).exitCode === 0,
  );
}
