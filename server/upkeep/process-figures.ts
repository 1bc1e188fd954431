import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

/** Open files of this process, sockets among them; null where the system does not tell. */
export const openFiles = (): Promise<number | null> =>
  // Another thread walks through them: with many sockets that takes its time.
  readdir('/proc/self/fd').then(
    ({ length }) => length,
    () => null,
  );

/** How many a process may have open; null where the system does not tell, Infinity without a limit. */
export function openFilesMax(process: number | 'self' = 'self'): number | null {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(
      readFileSync(`/proc/${process}/limits`, 'utf8'),
    )?.[1];
    return soft === undefined ? null : soft === 'unlimited' ? Infinity : Number(soft);
  } catch {
    return null;
  }
}

/** Address space of this process; null where the system does not tell. */
export function virtualBytes(): number | null {
  try {
    const kibibytes = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}
