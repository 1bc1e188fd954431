import { whole } from '../config-value.ts';
import { key } from '../config-key.ts';

/** When taps are no longer taken, and when again. */
export const BREAKER = {
  staleDegradedMs: key(
    'STALE_DEGRADED_MS',
    whole('ms', 200, 600_000),
    '3000',
    '3000',
    'Price age at which the house is degraded.',
  ),
  staleOpenMs: key(
    'STALE_OPEN_MS',
    whole('ms', 200, 600_000),
    '10000',
    '10000',
    'Price age at which taps are refused.',
  ),
  breakerHysteresisMs: key(
    'BREAKER_HYSTERESIS_MS',
    whole('ms', 0, 600_000),
    '30000',
    '30000',
    'How long health must last before taps are taken again.',
  ),
} as const;
