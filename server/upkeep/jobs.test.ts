import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobReports, jobStates, jobSuccesses, JOBS_FOLDER } from './jobs.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-jobs-'));
const folder = join(dataDir, JOBS_FOLDER);
afterAll(() => rmSync(dataDir, { recursive: true }));

test('no folder, no jobs', () => expect([jobSuccesses(dataDir), jobReports(dataDir)]).toEqual([{}, '']));

test('the age of the file is the time of the success; other files are none', () => {
  mkdirSync(folder);
  for (const name of ['backup.success', 'Backup.success', 'x.success.tmp', '.success'])
    writeFileSync(join(folder, name), '');
  utimesSync(join(folder, 'backup.success'), 1_781_481_600, 1_781_481_600);
  expect(jobSuccesses(dataDir)).toEqual({ backup: 1_781_481_600_000 });
});

const GOOD =
  '# HELP tapgrid_verify_bets Bets.\n# TYPE tapgrid_verify_bets gauge\ntapgrid_verify_bets{check="a b"} 3\n';
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

test('a job that reported and did not succeed has failed; one that left nothing never ran', () => {
  const [report, success] = [join(folder, 'integrity.prom'), join(folder, 'integrity.success')];
  writeFileSync(report, `${GOOD}tapgrid_verify_violations 2\n`);
  utimesSync(report, 1_781_490_000, 1_781_490_000);
  writeFileSync(success, '');
  utimesSync(success, 1_781_400_000, 1_781_400_000);
  expect(jobStates(dataDir, ['backup', 'integrity', 'archive'])).toEqual([
    { job: 'backup', lastRunAt: 1_781_481_600_000, lastSuccessAt: 1_781_481_600_000, ok: true, figures: [] },
    {
      job: 'integrity',
      lastRunAt: 1_781_490_000_000,
      lastSuccessAt: 1_781_400_000_000,
      ok: false,
      figures: [['verify_violations', 2]],
    },
    { job: 'archive', lastRunAt: null, lastSuccessAt: null, ok: null, figures: [] },
  ]);
  utimesSync(success, 1_781_490_001, 1_781_490_001);
  expect(jobStates(dataDir, ['integrity'])[0]!.ok).toBe(true);
});

test('a job that was run by hand succeeded when its own report says so', () => {
  const report = join(folder, 'tail.prom');
  writeFileSync(
    report,
    '# HELP tapgrid_tail_last_success_timestamp_seconds When.\n# TYPE ' +
      'tapgrid_tail_last_success_timestamp_seconds gauge\n' +
      'tapgrid_tail_last_success_timestamp_seconds 1781490000.5\n',
  );
  utimesSync(report, 1_781_490_002, 1_781_490_002);
  expect(jobStates(dataDir, ['tail'])).toMatchObject([{ lastSuccessAt: 1_781_490_000_500, ok: true }]);
  writeFileSync(join(folder, 'tail.failed'), '');
  utimesSync(join(folder, 'tail.failed'), 1_781_490_100, 1_781_490_100);
  expect(jobStates(dataDir, ['tail'])).toMatchObject([{ ok: false }]);
});

test('so did the first run of the archive by hand', () => {
  const at = 1_781_600_000;
  writeFileSync(join(folder, 'archive.prom'), `tapgrid_archive_success_timestamp_seconds ${at}\n`);
  utimesSync(join(folder, 'archive.prom'), at, at);
  expect(jobStates(dataDir, ['archive'])).toMatchObject([{ lastSuccessAt: at * 1000, ok: true }]);
  rmSync(join(folder, 'archive.prom'));
});

test('a job that ended badly and left no report has failed, until it ends well', () => {
  const at = (name: string, seconds: number): void => {
    writeFileSync(join(folder, name), '');
    utimesSync(join(folder, name), seconds, seconds);
  };
  at('archive.failed', 1_781_490_000);
  const stateOf = () => jobStates(dataDir, ['archive'])[0]!;
  expect(stateOf()).toEqual({
    job: 'archive',
    lastRunAt: 1_781_490_000_000,
    lastSuccessAt: null,
    ok: false,
    figures: [],
  });
  at('archive.success', 1_781_480_000);
  expect(stateOf()).toMatchObject({
    lastRunAt: 1_781_490_000_000,
    lastSuccessAt: 1_781_480_000_000,
    ok: false,
  });
  at('archive.success', 1_781_500_000);
  expect(stateOf()).toMatchObject({ lastRunAt: 1_781_500_000_000, ok: true });
});
