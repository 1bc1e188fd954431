import type { Config, Property } from './config.ts';
import { EDGE } from './game/formula.ts';

/** What must hold between keys. */
export interface Relation {
  readonly property: Property;
  readonly others: readonly Property[];
  readonly broken: (config: Config) => boolean;
  readonly bounds: string;
}

const relation = (
  property: Property,
  others: readonly Property[],
  broken: (config: Config) => boolean,
  bounds: string,
): Relation => ({
  property,
  others,
  broken,
  bounds,
});

/**
 * Without a hold, somebody who taps only what has fallen since it was shown is paid (1 + tolerance) / (1 +
 * edge) of its worth: at 20 % anyone wins. One point below the edge is the most that may be given away.
 */
export const TOLERANCE_WITHOUT_HOLD_PERCENT_MAX = Math.round(100 * EDGE) - 1;

export const RELATIONS: readonly Relation[] = [
  relation(
    'windowMs',
    ['windows'],
    (c) => c.windowMs !== null && c.windows.some((window) => window !== c.windowMs),
    'unset, because BOARDS has the windows of all boards, or BOARDS unset',
  ),
  relation('holdMs', ['windows'], (c) => c.holdMs >= c.windows[0], 'below the shortest window'),
  relation(
    'quoteTolerancePercent',
    ['holdMs'],
    (c) => c.holdMs === 0 && c.quoteTolerancePercent > TOLERANCE_WITHOUT_HOLD_PERCENT_MAX,
    `at most ${TOLERANCE_WITHOUT_HOLD_PERCENT_MAX} if HOLD_MS is 0, because ` +
      'otherwise anyone wins by tapping what has just fallen; or HOLD_MS above 0',
  ),
  relation(
    'windowMs',
    ['tickMs'],
    (c) => c.windowMs !== null && c.windowMs % c.tickMs !== 0,
    'a multiple of TICK_MS',
  ),
  relation(
    'windows',
    ['tickMs'],
    (c) => c.windowMs === null && c.windows.some((window) => window % c.tickMs !== 0),
    'multiples of TICK_MS',
  ),
  relation('maxGapMs', ['tickMs'], (c) => c.maxGapMs < 2 * c.tickMs, 'at least two times TICK_MS'),
  relation(
    'quoteTtlMs',
    ['quoteEveryTicks', 'tickMs'],
    (c) => c.quoteTtlMs < 2 * c.quoteEveryTicks * c.tickMs,
    'at least two times QUOTE_EVERY_TICKS × TICK_MS',
  ),
  relation(
    'quoteTickAgeMsMax',
    ['tickMs'],
    (c) => c.quoteTickAgeMsMax < 2 * c.tickMs,
    'at least two times TICK_MS',
  ),
  relation(
    'quoteTickAgeMsMax',
    ['staleDegradedMs'],
    (c) => c.quoteTickAgeMsMax > c.staleDegradedMs,
    'at most STALE_DEGRADED_MS',
  ),
  relation(
    'staleDegradedMs',
    ['staleOpenMs'],
    (c) => c.staleDegradedMs >= c.staleOpenMs,
    'below STALE_OPEN_MS',
  ),
  relation(
    'quorum',
    ['feed'],
    (c) => c.feed.startsWith('live:') && c.quorum > c.feed.split(',').length,
    'at most the number of venues that FEED lists',
  ),
  relation(
    'keyStakeMicrosMax',
    ['stakesMicros'],
    (c) => c.keyStakeMicrosMax < c.stakesMicros[0],
    'at least the smallest of STAKES_DOLLARS',
  ),
  relation(
    'keyDailyCapMicros',
    ['keyStakeMicrosMax'],
    (c) => c.keyDailyCapMicros < c.keyStakeMicrosMax,
    'at least KEY_STAKE_DOLLARS_MAX',
  ),
  relation(
    'practiceGrantMicros',
    ['stakesMicros'],
    (c) => c.practiceGrantMicros < c.stakesMicros[0],
    'at least the smallest of STAKES_DOLLARS',
  ),
  relation(
    'exposureCellPercent',
    ['exposureColumnPercent'],
    (c) => c.exposureCellPercent > c.exposureColumnPercent,
    'at most EXPOSURE_COLUMN_PERCENT',
  ),
  relation(
    'exposureColumnPercent',
    ['exposureTotalPercent'],
    (c) => c.exposureColumnPercent > c.exposureTotalPercent,
    'at most EXPOSURE_TOTAL_PERCENT',
  ),
  relation(
    'exposureAccountPercent',
    ['exposureTotalPercent'],
    (c) => c.exposureAccountPercent > c.exposureTotalPercent,
    'at most EXPOSURE_TOTAL_PERCENT',
  ),
  relation(
    'tapsPerSignatureMax',
    ['batchTapsMax'],
    (c) => c.tapsPerSignatureMax > c.batchTapsMax,
    'at most BATCH_TAPS_MAX',
  ),
  relation(
    'batchTapsMax',
    ['queueTapsMax'],
    (c) => c.batchTapsMax > c.queueTapsMax,
    'at most QUEUE_TAPS_MAX',
  ),
  relation(
    'sessionIdleMinutes',
    ['sessionHours'],
    (c) => c.sessionIdleMinutes > c.sessionHours * 60,
    'at most SESSION_HOURS',
  ),
  relation(
    'backupS3KeyId',
    ['backupS3Bucket', 'backupS3Secret'],
    (c) => c.backupS3Bucket !== null && (c.backupS3KeyId === null || c.backupS3Secret === null),
    'a value, as for BACKUP_S3_SECRET, if BACKUP_S3_BUCKET is set',
  ),
  relation(
    'archiveAgeMinutesMin',
    ['archiveAfterDays'],
    (c) => c.archiveAgeMinutesMin > c.archiveAfterDays * 1440,
    'at most ARCHIVE_AFTER_DAYS',
  ),
  relation(
    'socketsPerAddressMax',
    ['socketsMax'],
    (c) => c.socketsPerAddressMax > c.socketsMax,
    'at most SOCKETS_MAX',
  ),
];
