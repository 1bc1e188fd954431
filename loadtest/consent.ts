const LOOPBACK = /^https?:\/\/(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/;
const ANY_HOST = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/;

export const isLoopback = (target: string): boolean => LOOPBACK.test(target);

/**
 * Load goes to this machine, or to a host of which its owner says by name that it is his.
 * @returns why not, or null.
 */
export function refusalOf(target: string, mine: string | null): string | null {
  if (isLoopback(target)) return null;
  if (!ANY_HOST.test(target)) return `a target is an origin like https://taps.example, not ${target}`;
  const host = target.replace(/^https?:\/\//, '');
  return mine === host
    ? null
    : `${target} is not this machine. Load on somebody else's host is an attack on it. ` +
        `If the host is yours, say so: --this-host-is-mine ${host}`;
}
