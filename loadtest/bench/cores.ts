import { availableParallelism } from 'node:os';

/**
 * Binds the processes of two programs, with all their threads, to a processor core each.
 * @returns false where there is one core alone, or no `taskset`.
 */
export function onOwnCores(first: readonly number[], second: readonly number[]): boolean {
  if (availableParallelism() < 2 || Bun.which('taskset') === null) return false;
  const isBound = (pid: number, core: number): boolean =>
    Bun.spawnSync(['taskset', '--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
      stdout: 'ignore',
      stderr: 'ignore',
    }).exitCode === 0;
  return [first, second].every((pids, core) => pids.every((pid) => isBound(pid, core)));
}
