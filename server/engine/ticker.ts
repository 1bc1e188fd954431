/**
 * The wall clock may drift from the steady one by this much between two steps, or stand this far behind what
 * was decided, before it counts as stepped.
 */
export const CLOCK_STEP_MS = 1_000;

export interface Ticker {
  stop(): void;
}

/**
 * Calls `step` every `everyMs` of wall time, aligned to it, so that ticks fall on the edges of the windows,
 * and after everything that has arrived by then was read: a tick is made of the newest prices there are. A
 * late call is not made up for. `stepped` is called when the wall clock jumps relative to the monotonic one.
 */
export function startTicker(
  everyMs: number,
  step: (now: number) => void,
  stepped: (ms: number) => void,
): Ticker {
  let timer: ReturnType<typeof setTimeout>;
  let isStopped = false;
  let wall = Date.now();
  let steady = performance.now();
  const next = () => {
    timer = setTimeout(() => afterArrivals(run), everyMs - (Date.now() % everyMs));
  };
  const run = () => {
    if (isStopped) return;
    const [wallNow, steadyNow] = [Date.now(), performance.now()];
    const jump = Math.round(wallNow - wall - (steadyNow - steady));
    if (Math.abs(jump) >= CLOCK_STEP_MS) stepped(jump);
    [wall, steady] = [wallNow, steadyNow];
    step(wallNow);
    next();
  };
  next();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Timers that are due run one after the other, before what has arrived meanwhile is read from the sockets: in
 * a loop that was busy a price would be older than the one that waits. The second of two immediates comes
 * after that reading.
 */
function afterArrivals(run: () => void): void {
  setImmediate(() => setImmediate(run));
}
