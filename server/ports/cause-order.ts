import type { HealthCause } from './events.ts';

/**
 * What makes others appear stands before them: prices stop because the clock is wrong, not the other way
 * round.
 */
const ORDER: readonly HealthCause[] = [
  'engine_away',
  'books_gone',
  'writer_failed',
  'operator',
  'maintenance',
  'recording_over',
  'clock_step',
  'clock_off',
  'venues_apart',
  'no_quorum',
  'price_frozen',
  'starting',
  'price_stale',
  'disk_full',
  'commit_slow',
  'wal_large',
  'queue_full',
  'redis_away',
];

/** The cause before its consequences, and what closes the house before what does not. */
export const causesInOrder = <Cause extends { readonly cause: HealthCause; readonly severity?: string }>(
  causes: readonly Cause[],
): Cause[] => [...causes].sort((a, b) => ORDER.indexOf(a.cause) - ORDER.indexOf(b.cause));
