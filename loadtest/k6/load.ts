import { duration, setting } from './target.ts';
import { NO_FAULTS, QUICK_TAPS } from './pass-marks.ts';
import { trade } from './trade.ts';

/**
 * The rate that the server is made for, evenly, whether answers come or not. RATE in taps per second, USERS,
 * DURATION.
 */
const rate = setting('RATE', 3000, 20_000);
const users = setting('USERS', 1500, 10_000);

export const options = {
  scenarios: {
    warm: {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      timeUnit: '1s',
      preAllocatedVUs: users,
      stages: [{ target: rate, duration: '20s' }],
      exec: 'trading',
      tags: { phase: 'warm' },
    },
    load: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      preAllocatedVUs: users,
      startTime: '20s',
      duration: duration('DURATION', '10m'),
      exec: 'trading',
      tags: { phase: 'load' },
    },
  },
  thresholds: {
    ...NO_FAULTS,
    taps_accepted: QUICK_TAPS.taps_accepted,
    'tap_duration{phase:load}': QUICK_TAPS.tap_duration,
    dropped_iterations: ['count==0'],
  },
};

export const trading = trade;
