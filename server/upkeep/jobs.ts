import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobState } from '../ports/operations.ts';

/** Where the units leave the time of a success and the scripts their reports, in the data folder. */
export const JOBS_FOLDER = 'jobs';

/** Where a job leaves its report. @returns null where the folder for it was not made. */
export function jobReportFile(dataDir: string, job: string): string | null {
  const folder = join(dataDir, JOBS_FOLDER);
  return existsSync(folder) ? join(folder, `${job}.prom`) : null;
}

const SUCCESS = /^([a-z]{1,20})\.success$/;
const REPORT = /^[a-z]{1,20}\.prom$/;
const REPORTS_MAX = 16;
const REPORT_BYTES_MAX = 64 * 1024;

/**
 * The file `<job>.success` is touched when a job ended well. @returns when, UTC epoch ms, by job; empty where
 * none ever did.
 */
export function jobSuccesses(dataDir: string): Record<string, number> {
  const folder = join(dataDir, JOBS_FOLDER);
  return Object.fromEntries(
    filesOf(folder, SUCCESS).map((name) => [
      name.replace(SUCCESS, '$1'),
      Math.floor(statSync(join(folder, name)).mtimeMs),
    ]),
  );
}

/**
 * The reports `<job>.prom`, one after the other. One that is too large or holds anything but our own metrics
 * is left out.
 */
export function jobReports(dataDir: string): string {
  const folder = join(dataDir, JOBS_FOLDER);
  return filesOf(folder, REPORT)
    .slice(0, REPORTS_MAX)
    .map((name) => readReport(join(folder, name)))
    .join('');
}

function filesOf(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .sort();
  } catch {
    return [];
  }
}

const LINE = /^(# (HELP|TYPE) )?tapgrid_\w+(\{[^\n]*\})? [^\n]+$/;

function readReport(path: string): string {
  if (statSync(path).size > REPORT_BYTES_MAX) return '';
  const text = readFileSync(path, 'utf8');
  return text.endsWith('\n') &&
    text
      .trimEnd()
      .split('\n')
      .every((line) => LINE.test(line))
    ? text
    : '';
}

const FIGURES_MAX = 12;
/** A report is written just before the file that marks the success. */
const SAME_RUN_MS = 600_000;

/**
 * When each of these jobs last ran and ended well, and the plain figures of its report. The file
 * `<job>.failed` is touched when one ended otherwise.
 */
export function jobStates(dataDir: string, jobs: readonly string[]): JobState[] {
  const folder = join(dataDir, JOBS_FOLDER);
  const successes = jobSuccesses(dataDir);
  return jobs.map((job) => {
    const reportedAt = modifiedAt(join(folder, `${job}.prom`));
    const figures = reportedAt === null ? [] : figuresOf(readReport(join(folder, `${job}.prom`)));
    const lastSuccessAt = latest(successes[job], successIn(figures));
    const failedAt = modifiedAt(join(folder, `${job}.failed`));
    const lastRunAt = Math.max(reportedAt ?? -1, lastSuccessAt ?? -1, failedAt ?? -1);
    const ok =
      lastRunAt < 0
        ? null
        : lastSuccessAt !== null &&
          (reportedAt === null || lastSuccessAt >= reportedAt - SAME_RUN_MS) &&
          (failedAt === null || lastSuccessAt > failedAt);
    return { job, lastRunAt: lastRunAt < 0 ? null : lastRunAt, lastSuccessAt, ok, figures };
  });
}

/** The report itself records the success: without a unit nothing touches a file for it. UTC epoch ms. */
function successIn(figures: readonly (readonly [string, number])[]): number | undefined {
  const seconds = figures.find(([name]) => name.endsWith('_success_timestamp_seconds'))?.[1];
  return seconds === undefined || seconds === 0 ? undefined : Math.floor(seconds * 1000);
}

function latest(...times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}

/** Values without labels, under their names without the prefix. */
const figuresOf = (report: string): [string, number][] =>
  [...report.matchAll(/^tapgrid_(\w+) (-?[\d.e+]+)$/gm)]
    .slice(0, FIGURES_MAX)
    .map(([, name = '', value]) => [name, Number(value)]);

/** The sum of a figure over its labels, in the report of a job; 0 where nothing was reported. */
export function reportedSum(dataDir: string, job: string, name: string): number {
  const path = join(dataDir, JOBS_FOLDER, `${job}.prom`);
  const report = existsSync(path) ? readReport(path) : '';
  return [...report.matchAll(/^(\w+)\{[^\n]*\} (\d+)$/gm)]
    .filter(([, named]) => named === name)
    .reduce((sum, [, , value]) => sum + Number(value), 0);
}

function modifiedAt(path: string): number | null {
  try {
    return Math.floor(statSync(path).mtimeMs);
  } catch {
    return null;
  }
}
