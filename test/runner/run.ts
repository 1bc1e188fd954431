import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { addLcov, type Coverage } from './coverage.ts';
import type { Suite } from './suites.ts';
import { totalsOf, type Totals } from './totals.ts';

/**
 * Runs the files of one suite in a child, as many side by side as the suite and the cores allow, shows what
 * each file has printed when it is over, and adds its coverage.
 * @param named the tests whose names match; all unless given.
 */
export async function runSuite(
  suite: Suite,
  files: readonly string[],
  root: string,
  coverage: Coverage,
  named?: string,
): Promise<Totals> {
  const folder = join(root, 'coverage', suite.name);
  await rm(folder, { recursive: true, force: true });
  // A suite that runs no source of ours makes no coverage, and the report needs its folder.
  await mkdir(folder, { recursive: true });
  const report = join(folder, 'junit.xml');
  const startedMs = performance.now();
  const processes = Math.min(suite.sideBySide, availableParallelism(), files.length);
  const child = Bun.spawn(
    [
      process.execPath,
      '--no-orphans',
      'test',
      '--only-failures',
      ...(processes > 1 ? [`--parallel=${processes}`] : []),
      `--timeout=${suite.testSecondsMax * 1000}`,
      '--coverage',
      '--coverage-reporter=lcov',
      `--coverage-dir=${folder}`,
      '--reporter=junit',
      `--reporter-outfile=${report}`,
      ...(named === undefined ? [] : ['--test-name-pattern', named]),
      ...files.map((file) => `./${file}`),
    ],
    { cwd: root, stdin: 'ignore', stdout: 'inherit', stderr: 'inherit' },
  );
  let isLate = false;
  const bound = setTimeout(() => {
    isLate = true;
    child.kill('SIGTERM');
  }, suite.minutesMax * 60_000);
  const exitCode = await child.exited;
  clearTimeout(bound);
  if (isLate || child.signalCode)
    console.log(
      `${suite.name}: ended by ${child.signalCode ?? 'SIGTERM'} after ${seconds(startedMs)} s (at most ` +
        `${suite.minutesMax} minutes)`,
    );
  addLcov(coverage, await textOf(join(folder, 'lcov.info')));
  return totalsOf(await textOf(report), exitCode);
}

export const seconds = (sinceMs: number): string => ((performance.now() - sinceMs) / 1000).toFixed(1);

async function textOf(path: string): Promise<string> {
  const file = Bun.file(path);
  return (await file.exists()) ? file.text() : '';
}
