import { causesInOrder } from '../../server/ports/cause-order.ts';
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

/** What each cause means for whoever has to do something about it, and where that stands. */
const CAUSES: Readonly<Record<HealthCause, readonly [what: string, chapter: string]>> = {
  starting: ['Waiting for the first price', 'TapgridPriceStale'],
  books_gone: ['The books are not where they were opened', 'TapgridBooksGone'],
  writer_failed: ['The ledger cannot be written', 'TapgridRestarting'],
  operator: ['Halted by hand', 'TapgridHaltedByHand'],
  maintenance: ['Announced maintenance', 'By hand'],
  price_stale: ['Prices have stopped', 'TapgridPriceStale'],
  no_quorum: ['Too few exchanges answer', 'TapgridPriceStale'],
  venues_apart: ['The exchanges disagree', 'TapgridVenuesDisagree'],
  recording_over: ['The recording is over', 'TapgridHalted'],
  price_frozen: ['The price does not move', 'TapgridDegraded'],
  commit_slow: ['Commits are slow', 'TapgridCommitsSlow'],
  queue_full: ['Taps queue up', 'TapgridQueueDeep'],
  wal_large: ['The write-ahead log is large', 'TapgridWalLarge'],
  disk_full: ['The disk fills up', 'TapgridDiskFull'],
  clock_step: ['The clock jumped', 'TapgridClockOff'],
  clock_off: ['The clock of this machine is wrong', 'TapgridClockOff'],
  redis_away: ['Redis does not answer', 'TapgridRedisAway'],
};

const DAY_MS = 86_400_000;
const CERTIFICATE_DAYS_MIN = 14;
const TAIL_AGE_MS_MAX = 60_000;
const BACKUP_DISK_SHARE_MAX = 0.9;
const OPEN_FILES_SHARE_MAX = 0.8;
/** A crash is news for so long. */
const CRASH_NEWS_MS = 15 * 60_000;

/**
 * What alerts would tell, by what the server itself knows: causes of the breaker first, what makes others
 * appear before them, then what goes wrong beside the play. No other program is asked.
 */
export const concernsOf = (operations: Operations): readonly Concern[] => [
  ...causesInOrder(operations.health.causes).map(({ cause, severity, detail, since }) => ({
    severity,
    what: CAUSES[cause][0],
    detail,
    since,
    chapter: CAUSES[cause][1],
  })),
  ...besidePlay(operations),
];

const concern = (chapter: string, what: string, detail: string): Concern => ({
  severity: 'degraded',
  what,
  detail,
  since: null,
  chapter,
});

function besidePlay({ at, installation, jobs, returns }: Operations): Concern[] {
  const { startedAt, afterCrash, backups } = installation;
  const found: Concern[] = [];
  if (afterCrash && at - startedAt < CRASH_NEWS_MS)
    found.push(
      concern('TapgridCrashed', 'The run before this one crashed', `restarted ${ago(at - startedAt)}`),
    );
  for (const { currency, bucket, excess, bound } of returns)
    if (excess > bound)
      found.push(
        concern(
          'TapgridReturnTooHigh',
          'Traders get more back than was quoted',
          `${currency} ${bucket}: $${Math.round(excess)} this week, $${Math.round(bound)} may be chance`,
        ),
      );
  if (backups.tailAt !== null && at - backups.tailAt > TAIL_AGE_MS_MAX)
    found.push(
      concern(
        'TapgridTailBehind',
        'The tail is behind',
        `what came in ${span(at - backups.tailAt)} is here alone`,
      ),
    );
  for (const { job, ok, lastSuccessAt } of jobs) {
    const old =
      lastSuccessAt !== null && at - lastSuccessAt > JOB_AGE_MS_MAX[job as keyof typeof JOB_AGE_MS_MAX];
    if (ok === false) found.push(concern('TapgridJobFailed', `The job ${job} failed`, ''));
    else if (old)
      found.push(
        concern(OLD[job] ?? '', `The job ${job} is overdue`, `last success ${ago(at - lastSuccessAt)}`),
      );
  }
  return [...found, ...ofMachine(installation.machine, at)];
}

const OLD: Readonly<Record<string, string>> = {
  backup: 'TapgridBackupOld',
  integrity: 'TapgridIntegrityOld',
  archive: 'TapgridArchiveOld',
};

function ofMachine(
  { certificate, openFiles, openFilesMax, backupDiskUsedShare }: Operations['installation']['machine'],
  at: number,
): Concern[] {
  const found: Concern[] = [];
  if (certificate !== null && typeof certificate === 'object') {
    const days = Math.floor((certificate.endsAt - at) / DAY_MS);
    if (days < 0)
      found.push(concern('TapgridCertificateEnded', 'The certificate has ended', 'browsers refuse the page'));
    else if (days < CERTIFICATE_DAYS_MIN)
      found.push(concern('TapgridCertificateEnding', 'The certificate ends soon', `in ${days} days`));
  }
  if (backupDiskUsedShare !== null && backupDiskUsedShare > BACKUP_DISK_SHARE_MAX)
    found.push(
      concern('TapgridBackupDiskFull', 'The disk of the backups fills up', percent(backupDiskUsedShare)),
    );
  if (openFiles !== null && openFilesMax !== null && openFiles / openFilesMax > OPEN_FILES_SHARE_MAX)
    found.push(concern('TapgridOpenFiles', 'Files run out', `${openFiles} of ${openFilesMax} are open`));
  return found;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
