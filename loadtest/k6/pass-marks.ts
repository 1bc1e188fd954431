/** What every script holds: no failure of the server, and every 503 says when to come back. */
export const NO_FAULTS = {
  server_errors: ['count==0'],
  busy_without_retry_after: ['count==0'],
} as const;

/** Taps at the rate that the server is made for. */
export const QUICK_TAPS = {
  tap_duration: ['p(95)<50', 'p(99)<100'],
  taps_accepted: ['count>0'],
} as const;
