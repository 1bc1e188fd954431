import { existsSync, statfsSync, statSync, type StatsFs } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Used share of what an ordinary user may use of the file system that holds `path`, as df shows it: what is
 * kept back for root counts on neither side. 0 to 1.
 */
export function diskUsedShare(path: string): number {
  const { blocks, bfree, bavail } = diskOf(path);
  const used = blocks - bfree;
  return used + bavail === 0 ? 0 : used / (used + bavail);
}

/** The two numbers behind that share. */
export function diskBytes(path: string): { readonly usedBytes: number; readonly totalBytes: number } {
  const { blocks, bfree, bavail, bsize } = diskOf(path);
  return { usedBytes: (blocks - bfree) * bsize, totalBytes: (blocks - bfree + bavail) * bsize };
}

/**
 * For a path that is gone, the file system that would hold it, so that the caller still gets an answer.
 */
function diskOf(path: string): StatsFs {
  let there = path;
  while (!existsSync(there)) there = dirname(there);
  return statfsSync(there);
}

/**
 * Since when this very file is on its disk, UTC epoch ms; where the file system does not say, since it
 * changed.
 */
export function fileSince(path: string): number {
  const { birthtimeMs, ctimeMs } = statSync(path);
  return Math.floor(birthtimeMs > 0 ? birthtimeMs : ctimeMs);
}
