import { setting } from './target.ts';
import { NO_FAULTS, QUICK_TAPS } from './pass-marks.ts';
import { trade } from './trade.ts';

/**
 * From nothing to RATE in ten seconds and half a minute of it, then a tenth: while it lasts the answer may be
 * 503 with Retry-After and nothing worse, afterwards taps are quick again.
 */
const rate = setting('RATE', 5000, 50_000);
const users = setting('USERS', 2000, 10_000);

export const options = {
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      startRate: 1,
      timeUnit: '1s',
      preAllocatedVUs: users,
      stages: [
        { target: rate, duration: '10s' },
        { target: rate, duration: '30s' },
      ],
      exec: 'trading',
      tags: { phase: 'spike' },
    },
    after: {
      executor: 'constant-arrival-rate',
      rate: Math.max(1, Math.round(rate / 10)),
      timeUnit: '1s',
      preAllocatedVUs: Math.ceil(users / 4),
      startTime: '50s',
      duration: '30s',
      exec: 'trading',
      tags: { phase: 'after' },
    },
  },
  thresholds: {
    ...NO_FAULTS,
    'taps_accepted{phase:spike}': ['count>0'],
    'tap_duration{phase:after}': QUICK_TAPS.tap_duration,
    'taps_busy{phase:after}': ['count==0'],
  },
};

export const trading = trade;
