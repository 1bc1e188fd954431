import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const BYTES_MAX = 256 * 1024;
const OWNER_ALONE = 0o600;

/** The value in a small file of JSON; null where there is none, or none that can be read. */
export function readSmallFile(path: string, bytesMax = BYTES_MAX): unknown {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > bytesMax ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/**
 * Whole or not at all; on a disk that takes nothing more it stays as it was.
 * @returns whether it was written.
 */
export function writeSmallFile(path: string, value: unknown): boolean {
  try {
    writeFileSync(`${path}.new`, JSON.stringify(value), { mode: OWNER_ALONE });
    renameSync(`${path}.new`, path);
    return true;
  } catch {
    return false;
  }
}
