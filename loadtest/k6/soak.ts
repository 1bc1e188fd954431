import { duration, setting } from './target.ts';
import { NO_FAULTS, QUICK_TAPS } from './pass-marks.ts';
import { trade } from './trade.ts';

/**
 * Hours rather than minutes at a third of the load: watch the server's memory, WAL and disk meanwhile
 * (/metrics).
 */
export const options = {
  scenarios: {
    soak: {
      executor: 'constant-arrival-rate',
      rate: setting('RATE', 1000, 20_000),
      timeUnit: '1s',
      preAllocatedVUs: setting('USERS', 800, 10_000),
      duration: duration('DURATION', '20m'),
      exec: 'trading',
    },
  },
  thresholds: { ...NO_FAULTS, ...QUICK_TAPS, dropped_iterations: ['count==0'] },
};

export const trading = trade;
