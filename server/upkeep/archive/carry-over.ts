import type { ObjectStore } from '../backup/object-store.ts';
import { ARCHIVE_PREFIX, manifestKeyOf } from './manifest.ts';

/**
 * Brings what was archived on this disk, before there was a bucket, into the bucket: segments before their
 * manifests.
 * @param segments keys of those that the books have sealed. @param house whose later ones come along.
 * @returns how many objects.
 */
export async function carryOver(
  local: ObjectStore,
  bucket: ObjectStore,
  { house, segments }: { readonly house: string; readonly segments: readonly string[] },
  progress: (part: number) => void = () => {},
): Promise<number> {
  const here = await local.list(ARCHIVE_PREFIX);
  const there = new Set(here.length === 0 ? [] : await bucket.list(ARCHIVE_PREFIX));
  const sealed = new Set(segments.flatMap((key) => [key, manifestKeyOf(key)]));
  const missing = here
    .filter((key) => (sealed.has(key) || key.startsWith(`${ARCHIVE_PREFIX}${house}/`)) && !there.has(key))
    .sort((a, b) => b.localeCompare(a));
  for (const [index, key] of missing.entries()) {
    await bucket.put(key, await local.get(key));
    progress((index + 1) / missing.length);
  }
  return missing.length;
}
