import type { HealthCause } from './events.ts';

const CHAPTERS: Readonly<Record<HealthCause, string>> = {
  starting: 'TapgridPriceStale',
  books_gone: 'TapgridBooksGone',
  writer_failed: 'TapgridRestarting',
  operator: 'TapgridHaltedByHand',
  maintenance: 'By hand',
  price_stale: 'TapgridPriceStale',
  no_quorum: 'TapgridPriceStale',
  venues_apart: 'TapgridVenuesDisagree',
  recording_over: 'TapgridHalted',
  price_frozen: 'TapgridDegraded',
  commit_slow: 'TapgridCommitsSlow',
  queue_full: 'TapgridQueueDeep',
  wal_large: 'TapgridWalLarge',
  disk_full: 'TapgridDiskFull',
  clock_step: 'TapgridClockOff',
  clock_off: 'TapgridClockOff',
  redis_away: 'TapgridRedisAway',
  engine_away: 'TapgridRestarting',
};

/** The chapter of the runbook that says what to do about a cause of the breaker. */
export const chapterOfCause = (cause: HealthCause): string => CHAPTERS[cause];
