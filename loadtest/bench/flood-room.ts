import { readFileSync } from 'node:fs';

/** A socket takes a file on each side, and what both sides and the kernel keep for it. */
const FILES_BESIDES = 2_000;
const BYTES_A_SOCKET = 64 * 1024;
/** Of the memory that is free, for the sockets. */
const MEMORY_SHARE = 0.5;

/** As many of the wanted sockets as the machine's limits and memory allow. */
export function watchersThatFit(wanted: number): number {
  const files = Number(Bun.spawnSync(['sh', '-c', 'ulimit -n']).stdout.toString()) || Number.MAX_SAFE_INTEGER;
  const free = 1024 * Number(/MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0);
  return Math.max(
    0,
    Math.min(wanted, files - FILES_BESIDES, Math.floor((free * MEMORY_SHARE) / BYTES_A_SOCKET)),
  );
}
