import { expect, test } from 'bun:test';
import { join } from 'node:path';
import type { HealthCause } from '../../server/ports/events.ts';
import { JOB_AGE_MS_MAX, type Operations } from '../../server/ports/operations.ts';
import { concernsOf, MARKS } from './concerns.ts';

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
  readonly more?: Partial<Operations>;
}
const of = ({ causes = [], installation = {}, machine = {}, more = {} }: Change) =>
  concernsOf({
    at: AT,
    health: { state: 'open', causes: causes.map(cause) },
    jobs: [],
    returns: [],
    marks: { accounts: 0, marked: 0, unmarked: 0, gaining: [] },
    venues: [],
    headStarts: { state: 'measured', holdMs: 400, proposedHoldMs: 400 } as any,
    exposure: { PLAY: exposed(0, 0), USD: exposed(400, 500) },
    disk: { usedShare: 0.3 },
    sockets: 100,
    memoryBytes: 2e8,
    ...more,
    installation: {
      startedAt: AT - DAY_MS,
      booksSince: AT - 2 * HOUR_MS,
      afterCrash: false,
      probe: probe(AT - 60_000),
      violations: 0,
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
const exposed = (risk: number, total: number) => ({
  cells: [{ risk: risk / 2 }, { risk: risk / 2 }],
  caps: { cell: 1, column: 1, total },
});
const probe = (lastSuccessAt: number | null) => ({
  job: 'probe',
  lastRunAt: AT,
  lastSuccessAt,
  ok: true,
  figures: [],
});
const never = (name: string) => ({ job: name, lastRunAt: null, lastSuccessAt: null, ok: null, figures: [] });
const venue = (quoteAgeMs: number | null) => ({ venue: 'kraken', alive: false, quoteAgeMs, note: null });
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
      more: {
        jobs: [job('backup', 1), job('integrity', 20), job('archive', 150)],
        returns: [{ currency: 'USD', bucket: '2-5', excess: 10, bound: 900 }],
        venues: [venue(200_000)] as any,
      },
    }),
  ).toEqual([]));

test('nor has one of less than an hour of which no job has run yet', () =>
  expect(
    of({
      installation: { probe: never('probe'), booksSince: AT - 59 * 60_000 },
      more: { jobs: [never('backup'), never('integrity'), never('archive')] },
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
  [
    'an account in whose favour prices move after its bets',
    { more: { marks: { accounts: 1, marked: 9, unmarked: 0, gaining: [{ accountId: 'ada' }] } as any } },
    ['TapgridAccountGains'],
  ],
  ['a job that failed', { more: { jobs: [job('backup', 1, false)] } }, ['TapgridJobFailed']],
  [
    'jobs that are overdue',
    { more: { jobs: [job('backup', 4), job('integrity', 31), job('archive', 200)] } },
    ['TapgridBackupOld', 'TapgridIntegrityOld', 'TapgridArchiveOld'],
  ],
  [
    'jobs that never ran in a house of nine days',
    {
      installation: { booksSince: AT - 9 * DAY_MS },
      more: { jobs: [never('backup'), never('integrity'), never('archive')] },
    },
    ['TapgridBackupOld', 'TapgridIntegrityOld', 'TapgridArchiveOld'],
  ],
  [
    'a tail that never shipped',
    { installation: { backups: { places: [], snapshotAt: null, snapshotBytes: null, tailAt: null } } },
    ['TapgridTailBehind'],
  ],
  ['a probe that is refused', { installation: { probe: probe(AT - 301_000) } }, ['TapgridProbeFailing']],
  ['a probe that nobody began', { installation: { probe: never('probe') } }, ['TapgridProbeFailing']],
  ['a probe that was never taken', { installation: { probe: probe(null) } }, ['TapgridProbeFailing']],
  [
    'a probe that is refused in a house that was halted by hand',
    { causes: ['operator'], installation: { probe: probe(AT - 301_000) } },
    ['TapgridHaltedByHand'],
  ],
  ['books that do not hold', { installation: { violations: 2 } }, ['TapgridLedgerViolation']],
  [
    'an exchange that is away',
    { more: { venues: [venue(301_000), venue(null)] as any } },
    ['TapgridVenueDown', 'TapgridVenueDown'],
  ],
  [
    'a hold that is shorter than exchanges run ahead',
    { more: { headStarts: { holdMs: 400, proposedHoldMs: 410 } as any } },
    ['TapgridHoldShort'],
  ],
  [
    'open bets near the cap',
    { more: { exposure: { PLAY: exposed(0, 0), USD: exposed(451, 500) } as any } },
    ['TapgridLiabilityHigh'],
  ],
  ['sockets that run out', { more: { sockets: 18_001 } }, ['TapgridSocketsMany']],
  ['memory that grows', { more: { memoryBytes: 4.1e9 } }, ['TapgridMemoryHigh']],
  ...(
    [
      [0.71, 'Filling'],
      [0.86, 'Full'],
      [0.96, 'Emergency'],
    ] as const
  ).map(([usedShare, name]): [string, Change, string[]] => [
    `a disk that is ${usedShare} full`,
    { causes: ['disk_full'], more: { disk: { usedShare } as any } },
    [`TapgridDisk${name}`],
  ]),
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
    { more: { returns: [{ currency: 'USD', bucket: '2-5', excess: 901, bound: 900 }] } },
    ['TapgridReturnTooHigh'],
  ],
])('%s', (_, change, expected) => expect(chapters(change)).toEqual(expected));

/** What only Prometheus knows: rates over some minutes, and the state of the house and of itself. */
const NOT_HERE = [
  'CellsOverpay',
  'CellsUnderpay',
  'Down',
  'Unwatched',
  'PricesSimulated',
  'TapsSlow',
  'SettlementLate',
  'LoopLate',
  'TapsRefused',
  'ServerErrors',
  'BadSignatures',
  'Voids',
  'SlowConsumers',
  'LogLost',
  'EdgesAway',
  'EdgesLost',
  'EngineStalled',
  'BudgetBurningFast',
  'BudgetBurning',
  'MonitoringFails',
  'Watchdog',
];

test('every alert is told here too, but for those that only Prometheus can know', async () => {
  const root = join(import.meta.dir, '../..');
  const rules = await Bun.file(join(root, 'deploy/monitoring/rules.yml')).text();
  const source = (
    await Promise.all(
      ['views/ops/concerns.ts', 'server/ports/cause-chapter.ts'].map((path) =>
        Bun.file(join(root, path)).text(),
      ),
    )
  ).join('');
  const untold = [...rules.matchAll(/alert: (Tapgrid\w+)/g)]
    .map(([, name]) => name!)
    .filter((name) => !source.includes(`'${name}'`));
  const { certificateDays, ...marks } = MARKS;
  expect(untold.sort()).toEqual(NOT_HERE.map((name) => `Tapgrid${name}`).sort());
  expect(rules).toContain(`< ${certificateDays * 86_400}`);
  for (const [metric, mark] of [
    [
      'tail_last_sent_timestamp_seconds or on () tapgrid_books_since_timestamp_seconds)',
      marks.tailAgeMs / 1000,
    ],
    [
      `tapgrid_books_since_timestamp_seconds + ${(marks.probeBegunMs - marks.probeAgeMs) / 1000})\n          )`,
      marks.probeAgeMs / 1000,
    ],
    ['tapgrid_backup_disk_used_ratio', marks.backupDiskShare],
    ['tapgrid_disk_used_ratio', marks.diskFullShare],
    ['tapgrid_disk_used_ratio', marks.diskEmergencyShare],
    ['process_open_fds / process_max_fds', marks.openFilesShare],
    ['tapgrid_sockets', marks.sockets],
    ['process_resident_memory_bytes', '4e9'],
    ['tapgrid_liability_dollars', (marks.liabilityShare * 5) / 100],
  ] as const)
    expect([metric, rules.includes(`${metric} > ${mark}`)]).toEqual([metric, true]);
});

test('every chapter that is named is one of the runbook, and its marks are those of the alerts', async () => {
  const root = join(import.meta.dir, '../..');
  const runbook = await Bun.file(join(root, 'docs/runbook.md')).text();
  const rules = await Bun.file(join(root, 'deploy/monitoring/rules.yml')).text();
  for (const chapter of chapters({ causes: CAUSES })) expect(runbook).toContain(`\n### ${chapter}\n`);
  for (const [name, ms] of Object.entries(JOB_AGE_MS_MAX))
    expect(rules).toMatch(new RegExp(`\\{task="${name}"\\}[^\\n]*\\) > ${ms / 1000}\\n`));
});
