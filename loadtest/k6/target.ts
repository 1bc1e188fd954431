/** Where the load goes: `TARGET`, by default the server on this machine. */
export const TARGET = (__ENV.TARGET ?? 'http://localhost:3000').replace(/\/+$/, '');
/** The server's PUBLIC_ORIGIN, which is part of what taps sign. */
export const ORIGIN = __ENV.ORIGIN ?? TARGET;

const LOOPBACK = /^https?:\/\/(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/;
const ANY_HOST = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/;
const CONSENT = 'THIS_HOST_IS_MINE';

export const isLoopback = LOOPBACK.test(TARGET);

if (!isLoopback && !ANY_HOST.test(TARGET))
  throw new Error(`TARGET is an origin like https://taps.example, not ${TARGET}`);
if (!isLoopback && __ENV[CONSENT] !== TARGET.replace(/^https?:\/\//, ''))
  throw new Error(
    `${TARGET} is not this machine. Load on somebody else's host is an attack on it. ` +
      `If the host is yours, say so: -e ${CONSENT}=${TARGET.replace(/^https?:\/\//, '')}`,
  );

/** Text of the environment, or a number of it within bounds. */
export function setting(name: string, fallback: number, most: number): number {
  const value = Number(__ENV[name] ?? fallback);
  if (!(value > 0 && value <= most)) throw new Error(`${name} is a number above 0 up to ${most}`);
  return value;
}

/** A duration as k6 writes it, such as `30s` or `10m`. */
export function duration(name: string, fallback: string): string {
  const value = __ENV[name] ?? fallback;
  if (!/^\d{1,5}(s|m|h)$/.test(value)) throw new Error(`${name} is a duration like 30s or 10m`);
  return value;
}
