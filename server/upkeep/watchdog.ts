import type { Notify } from './notify.ts';

/**
 * A commit that takes longer is a writer that hangs; slower ones than the breaker's bounds are not worth a
 * restart yet.
 */
export const WRITER_MS_MAX = 15_000;

/**
 * Share of the service manager's timeout after which it is notified again; sd_watchdog_enabled(3) asks for at
 * most half.
 */
const FEED_SHARE = 1 / 3;

export interface WriterProbe {
  /** Time that the commit under way has taken so far, ms; 0 when none is. */
  readonly underWayMs: number;
}

/**
 * What the oracle's loop calls on every step. While steps come and the writer moves, the service manager
 * hears `WATCHDOG=1`; when either stops, it hears nothing, and restarts the process.
 * @param patienceMs how long the service manager waits; null where it does not watch.
 * @param steadyMs a clock that never jumps.
 */
export function watchdog(
  notify: Notify,
  patienceMs: number | null,
  writer: WriterProbe,
  steadyMs: () => number = () => performance.now(),
): () => void {
  if (patienceMs === null) return () => {};
  const everyMs = patienceMs * FEED_SHARE;
  let fedAt = -Infinity;
  return () => {
    const at = steadyMs();
    if (at - fedAt < everyMs || writer.underWayMs > WRITER_MS_MAX) return;
    notify('WATCHDOG=1');
    fedAt = at;
  };
}
