import { whole } from '../config-value.ts';
import { key } from '../config-key.ts';

/** When what is closed leaves the books, and how long it stays at hand. */
export const ARCHIVE = {
  archiveAfterDays: key(
    'ARCHIVE_AFTER_DAYS',
    whole('days', 1, 3650),
    '7',
    '14',
    'Closed bets of this age move from the books to the archive, with their orders, ledger rows, quotes ' +
      'and ticks.',
  ),
  archiveBetsMax: key(
    'ARCHIVE_BETS_MAX',
    whole('bets', 1_000, 1_000_000_000),
    '5000000',
    '2000000',
    'With more bets than this in the books, younger ones are archived too, down to ARCHIVE_AGE_MINUTES_MIN.',
  ),
  archiveAgeMinutesMin: key(
    'ARCHIVE_AGE_MINUTES_MIN',
    whole('min', 15, 10_080),
    '30',
    '60',
    'Nothing younger than this is ever archived; a retry is answered for ten minutes after its deadline.',
  ),
  archiveOrdersHours: key(
    'ARCHIVE_ORDERS_HOURS',
    whole('h', 1, 8760),
    '24',
    '48',
    'Orders stay this long after their bets are archived, so that their nonces are known as used.',
  ),
  archiveSegmentRows: key(
    'ARCHIVE_SEGMENT_ROWS',
    whole('rows', 100, 100_000),
    '60000',
    '20000',
    'Ledger rows per archive segment.',
  ),
  historyWeeks: key(
    'HISTORY_WEEKS',
    whole('weeks', 1, 520),
    '4',
    '8',
    'How long archived weeks stay on disk, where the history page and receipts read them; for ever if ' +
      'neither BACKUP_DIR nor a bucket is set.',
  ),
  historyGibMax: key(
    'HISTORY_GIB_MAX',
    whole('GiB', 1, 1_000_000),
    '64',
    '20',
    'Most disk space for archived weeks; above it the oldest are deleted early, once the archive holds them.',
  ),
} as const;
