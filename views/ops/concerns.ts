import { chapterOfCause } from '../../server/ports/cause-chapter.ts';
import { causesInOrder } from '../../server/ports/cause-order.ts';
import { CURRENCIES } from '../../server/game/money.ts';
import type { HealthCause } from '../../server/ports/events.ts';
import { JOB_AGE_MS_MAX, type Operations } from '../../server/ports/operations.ts';
import { ago, span } from '../clock.ts';

/** Something that a person should know or do, and the chapter of the runbook about it. */
export interface Concern {
  readonly severity: 'open' | 'degraded';
  readonly what: string;
  readonly detail: string;
  /** Since when, UTC epoch ms; null where that is not known. */
  readonly since: number | null;
  readonly chapter: string;
}

/** What each cause means for whoever has to do something about it. */
const MEANING: Readonly<Record<HealthCause, string>> = {
  starting: 'Waiting for the first price',
  books_gone: 'The books are gone',
  writer_failed: 'The ledger cannot be written to',
  operator: 'Halted by hand',
  maintenance: 'Announced maintenance',
  price_stale: 'Prices have stopped',
  no_quorum: 'Too few exchanges answer',
  venues_apart: 'The exchanges disagree',
  recording_over: 'The recording is over',
  price_frozen: 'The price does not move',
  commit_slow: 'Commits are slow',
  queue_full: 'Taps are queueing up',
  wal_large: 'The write-ahead log is large',
  disk_full: 'The disk is filling up',
  clock_step: 'The clock jumped',
  clock_off: 'The clock of this machine is wrong',
  redis_away: 'Redis does not answer',
  engine_away: 'The engine does not answer',
};

const DAY_MS = 86_400_000;
/** Thresholds of the findings; the alerts use the same. */
export const MARKS = {
  certificateDays: 14,
  tailAgeMs: 60_000,
  probeAgeMs: 300_000,
  /** Since the books came. */
  probeBegunMs: 3_600_000,
  venueSilentMs: 300_000,
  backupDiskShare: 0.9,
  diskFullShare: 0.85,
  diskEmergencyShare: 0.95,
  openFilesShare: 0.8,
  liabilityShare: 0.9,
  sockets: 18_000,
  memoryBytes: 4e9,
} as const;
/** How long a crash is shown. */
const CRASH_NEWS_MS = 15 * 60_000;

/**
 * What the alerts would report, from what the server itself knows: causes of the breaker first, causes before
 * their consequences, then problems that do not affect play. No other program is asked.
 */
export const concernsOf = (operations: Operations): readonly Concern[] => [
  ...causesInOrder(operations.health.causes).map(({ cause, severity, detail, since }) => ({
    severity,
    what: MEANING[cause],
    detail,
    since,
    chapter: cause === 'disk_full' ? diskChapter(operations.disk) : chapterOfCause(cause),
  })),
  ...ofThisRun(operations),
  ...ofMoney(operations),
  ...ofCopies(operations),
  ...ofVenues(operations),
  ...ofHold(operations),
  ...ofMachine(operations),
];

const diskChapter = ({ usedShare }: Operations['disk']): string =>
  usedShare > MARKS.diskEmergencyShare
    ? 'TapgridDiskEmergency'
    : usedShare > MARKS.diskFullShare
      ? 'TapgridDiskFull'
      : 'TapgridDiskFilling';

/** One of those that are shown if they apply. */
const concern = (isSo: boolean, chapter: string, what: string, detail: () => string): Concern[] =>
  isSo ? [{ severity: 'degraded', what, detail: detail(), since: null, chapter }] : [];

function ofThisRun({ at, health, installation }: Operations): Concern[] {
  const { startedAt, afterCrash, probe, booksSince } = installation;
  const isOnPurpose = health.causes.some(({ cause }) => cause === 'operator' || cause === 'maintenance');
  const probedAt =
    probe.lastSuccessAt ??
    (probe.lastRunAt === null ? booksSince + MARKS.probeBegunMs - MARKS.probeAgeMs : startedAt);
  return [
    ...concern(
      afterCrash && at - startedAt < CRASH_NEWS_MS,
      'TapgridCrashed',
      'The previous run crashed',
      () => `restarted ${ago(at - startedAt)}`,
    ),
    ...concern(
      !isOnPurpose && at - probedAt > MARKS.probeAgeMs,
      'TapgridProbeFailing',
      'No tap of the probe was taken',
      () => `for ${span(at - probedAt)}`,
    ),
  ];
}

const ofMoney = ({ returns, exposure, installation, marks }: Operations): Concern[] => [
  ...concern(
    installation.violations > 0,
    'TapgridLedgerViolation',
    'The books do not hold',
    () => `the last check found ${installation.violations}`,
  ),
  ...returns.flatMap(({ currency, bucket, excess, bound }) =>
    concern(
      excess > bound,
      'TapgridReturnTooHigh',
      'Traders get back more than quoted',
      () =>
        `${currency} ${bucket}: $${Math.round(excess)} this week; up to $${Math.round(bound)} may be chance`,
    ),
  ),
  ...concern(
    marks.gaining.length > 0,
    'TapgridAccountGains',
    'Prices move in favour of accounts after their lock',
    () => marks.gaining.map(({ accountId }) => accountId).join(', '),
  ),
  ...CURRENCIES.flatMap((currency) => {
    const { cells, caps } = exposure[currency];
    const share = caps.total === 0 ? 0 : cells.reduce((sum, { risk }) => sum + risk, 0) / caps.total;
    return concern(
      share > MARKS.liabilityShare,
      'TapgridLiabilityHigh',
      'Open bets come near the cap',
      () => `${currency}: ${percent(share)}`,
    );
  }),
];

/** What never happened counts from when the books came to this disk. */
function ofCopies({ at, installation, jobs }: Operations): Concern[] {
  const { backups, booksSince } = installation;
  const tailAge = at - (backups.tailAt ?? booksSince);
  return [
    ...concern(
      tailAge > MARKS.tailAgeMs,
      'TapgridTailBehind',
      backups.tailAt === null ? 'The tail has never shipped' : 'The tail is behind',
      () => `what came in ${span(tailAge)} is here alone`,
    ),
    ...jobs.flatMap(({ job, ok, lastSuccessAt }) => {
      const isOld = at - (lastSuccessAt ?? booksSince) > JOB_AGE_MS_MAX[job as keyof typeof JOB_AGE_MS_MAX];
      const success = () =>
        lastSuccessAt === null ? 'it never succeeded' : `last success ${ago(at - lastSuccessAt)}`;
      return ok === false
        ? concern(true, 'TapgridJobFailed', `The job ${job} failed`, success)
        : concern(isOld, OLD[job] ?? '', `The job ${job} is overdue`, success);
    }),
  ];
}

const OLD: Readonly<Record<string, string>> = {
  backup: 'TapgridBackupOld',
  integrity: 'TapgridIntegrityOld',
  archive: 'TapgridArchiveOld',
};

const ofHold = ({ headStarts: { holdMs, proposedHoldMs } }: Operations): Concern[] =>
  concern(
    proposedHoldMs !== null && holdMs < proposedHoldMs,
    'TapgridHoldShort',
    'Exchanges run further ahead than bets are held',
    () => `HOLD_MS is ${holdMs}; ${proposedHoldMs} is proposed`,
  );

const ofVenues = ({ at, venues, installation: { startedAt } }: Operations): Concern[] =>
  venues.flatMap(({ venue, alive, quoteAgeMs, note }) =>
    concern(
      !alive && (quoteAgeMs ?? at - startedAt) > MARKS.venueSilentMs,
      'TapgridVenueDown',
      `${venue} shows no life`,
      () => note ?? `for ${span(quoteAgeMs ?? at - startedAt)}`,
    ),
  );

function ofMachine({ at, installation, sockets, memoryBytes }: Operations): Concern[] {
  const { certificate, openFiles, openFilesMax, backupDiskUsedShare } = installation.machine;
  const daysLeft =
    certificate !== null && typeof certificate === 'object'
      ? Math.floor((certificate.endsAt - at) / DAY_MS)
      : Number.POSITIVE_INFINITY;
  return [
    ...concern(
      daysLeft < 0,
      'TapgridCertificateEnded',
      'The certificate has expired',
      () => 'browsers refuse the page',
    ),
    ...concern(
      daysLeft >= 0 && daysLeft < MARKS.certificateDays,
      'TapgridCertificateEnding',
      'The certificate expires soon',
      () => `in ${daysLeft} days`,
    ),
    ...concern(
      backupDiskUsedShare !== null && backupDiskUsedShare > MARKS.backupDiskShare,
      'TapgridBackupDiskFull',
      'The backup disk is filling up',
      () => percent(backupDiskUsedShare!),
    ),
    ...concern(
      openFiles !== null && openFilesMax !== null && openFiles / openFilesMax > MARKS.openFilesShare,
      'TapgridOpenFiles',
      'Running out of open files',
      () => `${openFiles} of ${openFilesMax} are open`,
    ),
    ...concern(sockets > MARKS.sockets, 'TapgridSocketsMany', 'Sockets run out', () => `${sockets} are open`),
    ...concern(
      memoryBytes > MARKS.memoryBytes,
      'TapgridMemoryHigh',
      'Memory grows',
      () => `${(memoryBytes / 1e9).toFixed(1)} GB`,
    ),
  ];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
