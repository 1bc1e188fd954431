import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where the units leave the time of a success and the scripts their reports, in the data folder. */
export const JOBS_FOLDER = 'jobs';

const SUCCESS = /^([a-z]{1,20})\.success$/;
const REPORT = /^[a-z]{1,20}\.prom$/;
const REPORTS_MAX = 16;
const REPORT_BYTES_MAX = 64 * 1024;

/** The file `<job>.success` is touched when a job ended well. @returns when, UTC epoch ms, by job; empty where none ever did. */
export function jobSuccesses(dataDir: string): Record<string, number> {
  const folder = join(dataDir, JOBS_FOLDER);
  return Object.fromEntries(filesOf(folder, SUCCESS).map((name) => [SUCCESS.exec(name)![1]!, Math.floor(statSync(join(folder, name)).mtimeMs)]));
}

/** The reports `<job>.prom`, one after the other. One that is too large or holds anything but our own metrics is left out. */
export function jobReports(dataDir: string): string {
  const folder = join(dataDir, JOBS_FOLDER);
  return filesOf(folder, REPORT).slice(0, REPORTS_MAX).map((name) => readReport(join(folder, name))).join('');
}

function filesOf(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name)).sort();
  } catch {
    return [];
  }
}

const LINE = /^(# (HELP|TYPE) )?tapgrid_\w+(\{[^\n]*\})? [^\n]+$/;

function readReport(path: string): string {
  if (statSync(path).size > REPORT_BYTES_MAX) return '';
  const text = readFileSync(path, 'utf8');
  return text.endsWith('\n') && text.trimEnd().split('\n').every((line) => LINE.test(line)) ? text : '';
}
