import type { ObjectStore } from '../backup/object-store.ts';
import { refusalsPrefix } from './refusal-days.ts';
import { ARCHIVE_PREFIX, manifestKeyOf } from './manifest.ts';

const isOf = (house: string, key: string): boolean =>
  [`${ARCHIVE_PREFIX}${house}/`, refusalsPrefix(house)].some((prefix) => key.startsWith(prefix));

/**
 * Brings what was archived on this disk, before there was a bucket, into the bucket: segments before their
 * manifests, and days of refused orders.
 * @param segments keys of those that the books have sealed. @param house whose later ones come along.
 * @returns how many objects.
 */
export async function carryOver(
  local: ObjectStore,
  bucket: ObjectStore,
  { house, segments }: { readonly house: string; readonly segments: readonly string[] },
  progress: (part: number) => void = () => {},
): Promise<number> {
  const here = [...(await local.list(ARCHIVE_PREFIX)), ...(await local.list(refusalsPrefix(house)))];
  const there = new Set(
    here.length === 0
      ? []
      : [...(await bucket.list(ARCHIVE_PREFIX)), ...(await bucket.list(refusalsPrefix(house)))],
  );
  const sealed = new Set(segments.flatMap((key) => [key, manifestKeyOf(key)]));
  const missing = here
    .filter((key) => (sealed.has(key) || isOf(house, key)) && !there.has(key))
    .sort((a, b) => b.localeCompare(a));
  for (const [index, key] of missing.entries()) {
    await bucket.put(key, await local.get(key));
    progress((index + 1) / missing.length);
  }
  return missing.length;
}
