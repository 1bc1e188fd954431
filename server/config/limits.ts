import { whole } from '../config-value.ts';
import { key } from '../config-key.ts';

/** How much one account, one address and all together may ask for. */
export const LIMITS = {
  tapsPerSecondMax: key('TAPS_PER_SECOND_MAX', whole('/s', 1, 100_000), '20', '20', 'Taps per account.'),
  requestsPerSecondMax: key(
    'REQUESTS_PER_SECOND_MAX',
    whole('/s', 1, 1_000_000),
    '50',
    '50',
    'Requests per address.',
  ),
  practicePerHourMax: key(
    'PRACTICE_PER_HOUR_MAX',
    whole('/h', 1, 1_000_000),
    '60',
    '60',
    'New practice accounts per address.',
  ),
  socketsMax: key('SOCKETS_MAX', whole('sockets', 1, 1_000_000), '20000', '20000', 'Open sockets in total.'),
  socketsPerAddressMax: key(
    'SOCKETS_PER_ADDRESS_MAX',
    whole('sockets', 1, 1_000_000),
    '200',
    '200',
    'Open sockets per address.',
  ),
} as const;
