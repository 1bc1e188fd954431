import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobReports, jobSuccesses, JOBS_FOLDER } from './jobs.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-jobs-'));
const folder = join(dataDir, JOBS_FOLDER);
afterAll(() => rmSync(dataDir, { recursive: true }));

test('no folder, no jobs', () => expect([jobSuccesses(dataDir), jobReports(dataDir)]).toEqual([{}, '']));

test('the age of the file is the time of the success; other files are none', () => {
  mkdirSync(folder);
  for (const name of ['backup.success', 'Backup.success', 'x.success.tmp', '.success']) writeFileSync(join(folder, name), '');
  utimesSync(join(folder, 'backup.success'), 1_781_481_600, 1_781_481_600);
  expect(jobSuccesses(dataDir)).toEqual({ backup: 1_781_481_600_000 });
});

const GOOD = '# HELP tapgrid_verify_bets Bets.\n# TYPE tapgrid_verify_bets gauge\ntapgrid_verify_bets{check="a b"} 3\n';
test.each([
  ['a report', GOOD, GOOD],
  ['a name that is not ours', 'up 1\n', ''],
  ['a line that breaks off', `${GOOD}tapgrid_verify_bets`, ''],
  ['something else', '<html>\n', ''],
  ['too much', GOOD.repeat(1000), ''],
])('%s', (_, written, shown) => {
  writeFileSync(join(folder, 'integrity.prom'), written);
  expect(jobReports(dataDir)).toBe(shown);
});
