import { join } from 'node:path';

const PROGRAM = join(import.meta.dir, '../../loadtest/flood.ts');

/**
 * Floods the house at that origin for so long; it ends by itself.
 * @param watchers sockets that only listen besides
 */
export const startFlood = (origin: string, seconds: number, watchers = 0) =>
  Bun.spawn(
    [
      process.execPath,
      PROGRAM,
      ...['--target', origin, '--seconds', `${seconds}`, '--watchers', `${watchers}`],
    ],
    { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' },
  );
