import { join } from 'node:path';

/** Line number → how often it ran, per file. */
export type Coverage = Map<string, Map<number, number>>;

/** Lines that can run and lines that did. */
export interface CoveredFile {
  readonly file: string;
  readonly lines: number;
  readonly hit: number;
}

/** Least share of lines of `COVERED_FOLDERS` that must run in the tests, in percent. */
export const COVERAGE_PERCENT_MIN = 80;
const COVERED_FOLDERS = ['server', 'views'] as const;

/** Adds one lcov report to `coverage`; a line counts with its best report. */
export function addLcov(coverage: Coverage, lcov: string): void {
  let lines = new Map<number, number>();
  for (const record of lcov.split('\n')) {
    if (record.startsWith('SF:')) {
      const file = record.slice(3).trim();
      lines = coverage.get(file) ?? new Map();
      coverage.set(file, lines);
    } else if (record.startsWith('DA:')) {
      const [line, count] = record.slice(3).split(',').map(Number) as [number, number];
      lines.set(line, Math.max(lines.get(line) ?? 0, count));
    }
  }
}

/**
 * Every source file of the covered folders; one that no test loads counts with all lines that would run and
 * none that did.
 */
export async function coveredFiles(coverage: Coverage, root: string): Promise<CoveredFile[]> {
  const files: CoveredFile[] = [];
  for await (const file of new Bun.Glob(`{${COVERED_FOLDERS.join(',')}}/**/*.{ts,tsx}`).scan(root)) {
    if (/\.test\.tsx?$|\.d\.ts$/.test(file)) continue;
    const lines = coverage.get(file);
    if (lines)
      files.push({ file, lines: lines.size, hit: [...lines.values()].filter((count) => count > 0).length });
    else files.push({ file, lines: runnableLines(await Bun.file(join(root, file)).text()), hit: 0 });
  }
  return files;
}

/** Lines that are left when types, comments and imports are gone: none for a file of types. */
export const runnableLines = (source: string): number =>
  new Bun.Transpiler({ loader: 'tsx' })
    .transformSync(source)
    .split('\n')
    .filter((line) => /\w/.test(line) && !/^(import|export) .*from "|^import "/.test(line)).length;

/** Share of lines that ran, in percent, cut to two decimals; 100 where nothing can run. */
export const percentOf = (files: readonly CoveredFile[]): number => {
  const lines = sum(files.map((file) => file.lines));
  return lines === 0 ? 100 : Math.floor((sum(files.map((file) => file.hit)) / lines) * 10_000) / 100;
};

/** The sum, and the `count` files with the lowest share of those below the bound. */
export function coverageReport(files: readonly CoveredFile[], count = 10): string {
  const worst = files
    .filter((file) => percentOf([file]) < COVERAGE_PERCENT_MIN)
    .sort((a, b) => percentOf([a]) - percentOf([b]) || b.lines - a.lines)
    .slice(0, count);
  return [
    `coverage of ${COVERED_FOLDERS.join(' and ')}: ${percentOf(files).toFixed(2)} % of ` +
      `${sum(files.map((file) => file.lines))} lines (at least ${COVERAGE_PERCENT_MIN} %)`,
    ...worst.map(
      (file) =>
        `  ${percentOf([file]).toFixed(1).padStart(5)} %  ` +
        `${`${file.hit}/${file.lines}`.padStart(9)}  ${file.file}`,
    ),
  ].join('\n');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
