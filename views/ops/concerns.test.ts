import { expect, test } from 'bun:test';
import { join } from 'node:path';
import type { HealthCause } from '../../server/ports/events.ts';
import { JOB_AGE_MS_MAX, type Operations } from '../../server/ports/operations.ts';
import { concernsOf } from './concerns.ts';

const AT = 1_781_481_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CAUSES: readonly HealthCause[] = [
  'starting',
  'books_gone',
  'writer_failed',
  'operator',
  'price_stale',
  'no_quorum',
  'venues_apart',
  'recording_over',
  'price_frozen',
  'commit_slow',
  'queue_full',
  'wal_large',
  'disk_full',
  'clock_step',
  'clock_off',
  'redis_away',
];
const cause = (name: HealthCause) =>
  ({ cause: name, severity: 'open', detail: 'd', since: AT - 1_000 }) as const;

interface Change {
  readonly causes?: readonly HealthCause[];
  readonly installation?: Partial<Operations['installation']>;
  readonly machine?: Partial<Operations['installation']['machine']>;
  readonly jobs?: Operations['jobs'];
  readonly returns?: Operations['returns'];
}
const of = ({ causes = [], installation = {}, machine = {}, jobs = [], returns = [] }: Change) =>
  concernsOf({
    at: AT,
    health: { state: 'open', causes: causes.map(cause) },
    jobs,
    returns,
    installation: {
      startedAt: AT - DAY_MS,
      afterCrash: false,
      backups: { places: [], snapshotAt: AT, snapshotBytes: 1, tailAt: AT - 2_000 },
      machine: {
        certificate: null,
        openFiles: 10,
        openFilesMax: 1000,
        backupDiskUsedShare: null,
        ...machine,
      },
      ...installation,
    },
  } as unknown as Operations);
const job = (name: string, hoursAgo: number, ok = true) => ({
  job: name,
  lastRunAt: AT,
  lastSuccessAt: AT - hoursAgo * HOUR_MS,
  ok,
  figures: [],
});
const chapters = (change: Change): string[] => of(change).map(({ chapter }) => chapter);

test('a house that is well has nothing to tell', () =>
  expect(
    of({
      installation: { afterCrash: true },
      machine: {
        certificate: { endsAt: AT + 60 * DAY_MS, ofOurOwn: false },
        backupDiskUsedShare: 0.5,
        openFilesMax: Infinity,
      },
      jobs: [job('backup', 1), job('integrity', 20), job('archive', 150)],
      returns: [{ currency: 'USD', bucket: '2-5', excess: 10, bound: 900 }],
    }),
  ).toEqual([]));

test('what makes others appear stands before them: prices stop because the clock is wrong', () =>
  expect(of({ causes: ['price_stale', 'no_quorum', 'clock_off'] }).map(({ what }) => what)).toEqual([
    'The clock of this machine is wrong',
    'Too few exchanges answer',
    'Prices have stopped',
  ]));

test.each<[string, Change, string[]]>([
  [
    'a crash a moment ago',
    { installation: { afterCrash: true, startedAt: AT - 60_000 } },
    ['TapgridCrashed'],
  ],
  [
    'a tail that is behind',
    { installation: { backups: { places: [], snapshotAt: AT, snapshotBytes: 1, tailAt: AT - 61_000 } } },
    ['TapgridTailBehind'],
  ],
  ['a job that failed', { jobs: [job('backup', 1, false)] }, ['TapgridJobFailed']],
  [
    'jobs that are overdue',
    { jobs: [job('backup', 4), job('integrity', 31), job('archive', 200)] },
    ['TapgridBackupOld', 'TapgridIntegrityOld', 'TapgridArchiveOld'],
  ],
  [
    'a certificate that ends',
    { machine: { certificate: { endsAt: AT + 13 * DAY_MS, ofOurOwn: false } } },
    ['TapgridCertificateEnding'],
  ],
  [
    'a certificate that has ended',
    { machine: { certificate: { endsAt: AT - 1, ofOurOwn: false } } },
    ['TapgridCertificateEnded'],
  ],
  ['a disk of backups that is full', { machine: { backupDiskUsedShare: 0.91 } }, ['TapgridBackupDiskFull']],
  ['open files that run out', { machine: { openFiles: 900 } }, ['TapgridOpenFiles']],
  [
    'returns beyond chance',
    { returns: [{ currency: 'USD', bucket: '2-5', excess: 901, bound: 900 }] },
    ['TapgridReturnTooHigh'],
  ],
])('%s', (_, change, expected) => expect(chapters(change)).toEqual(expected));

test('every chapter that is named is one of the runbook, and its marks are those of the alerts', async () => {
  const root = join(import.meta.dir, '../..');
  const runbook = await Bun.file(join(root, 'docs/runbook.md')).text();
  const rules = await Bun.file(join(root, 'deploy/monitoring/rules.yml')).text();
  for (const chapter of chapters({ causes: CAUSES })) expect(runbook).toContain(`\n### ${chapter}\n`);
  for (const [name, ms] of Object.entries(JOB_AGE_MS_MAX))
    expect(rules).toMatch(new RegExp(`\\{task="${name}"\\}[^\\n]*\\) > ${ms / 1000}\\n`));
});
