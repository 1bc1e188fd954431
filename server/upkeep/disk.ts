import { statfsSync } from 'node:fs';

/** Used share of the file system that holds `path`, as an ordinary user sees it: what is kept back for root counts as used. 0 to 1. */
export function diskUsedShare(path: string): number {
  const { blocks, bavail } = statfsSync(path);
  return blocks === 0 ? 0 : 1 - bavail / blocks;
}
