/**
 * The wall clock may drift from the steady one by this much between two steps, or stand this far behind what
 * was decided, before it counts as stepped.
 */
export const CLOCK_STEP_MS = 1_000;

/**
 * A tick that is this late already is made at once: where strangers keep the loop busy, reading on would make
 * it later by a whole turn.
 */
const READ_ON_MS_MAX = 20;

export interface Ticker {
  stop(): void;
}

/**
 * Calls `step` every `everyMs` of wall time, aligned to it, so that ticks fall on the edges of the windows,
 * and after everything that has arrived by then was read, unless it is late by `readOnMsMax` already: a tick
 * is made of the newest prices there are. A late call is not made up for. `stepped` is called when the wall
 * clock jumps relative to the monotonic one.
 */
export function startTicker(
  everyMs: number,
  step: (now: number) => void,
  stepped: (ms: number) => void,
  readOnMsMax = READ_ON_MS_MAX,
): Ticker {
  let timer: ReturnType<typeof setTimeout>;
  let isStopped = false;
  let wall = Date.now();
  let steady = performance.now();
  const next = () => {
    const waitMs = everyMs - (Date.now() % everyMs);
    const due = performance.now() + waitMs;
    timer = setTimeout(() => (performance.now() - due < readOnMsMax ? afterArrivals(run) : run()), waitMs);
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
