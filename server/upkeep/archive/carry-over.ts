import type { ObjectStore } from '../backup/object-store.ts';
import { ARCHIVE_PREFIX } from './manifest.ts';

/**
 * Brings what was archived on this disk, before there was a bucket, into the bucket: segments before their
 * manifests. @returns how many objects.
 */
export async function carryOver(
  local: ObjectStore,
  bucket: ObjectStore,
  told: (part: number) => void = () => {},
): Promise<number> {
  const here = await local.list(ARCHIVE_PREFIX);
  const there = new Set(here.length === 0 ? [] : await bucket.list(ARCHIVE_PREFIX));
  const missing = here
    .filter((key) => /\.(zst|json)$/.test(key) && key !== `${ARCHIVE_PREFIX}plan.json` && !there.has(key))
    .sort((a, b) => b.localeCompare(a));
  for (const [index, key] of missing.entries()) {
    await bucket.put(key, await local.get(key));
    told((index + 1) / missing.length);
  }
  return missing.length;
}
