import { messageOf } from '../../ports/failure.ts';
import type { OwnBooks } from '../houses/ownership.ts';
import { residentsOf } from '../houses/residents.ts';
import { manifestKey, strayParts } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { keep } from './retention.ts';
import { expectSame, type Progress } from './snapshot-contents.ts';

export interface Pruned {
  readonly store: string;
  readonly kept: number;
  readonly removed: readonly string[];
  readonly removedSegments: number;
  /** The snapshot that was read to its end before anything was removed. */
  readonly verified: string;
}

/**
 * Removes old snapshots of the books' house, after reading all bytes of one snapshot and finding it complete;
 * damaged ones stay for investigation. A manifest is removed before its parts, so that half a snapshot is
 * never taken for a complete one. Nothing else of this house may write snapshots there meanwhile. Other
 * houses' snapshots neither count nor are removed.
 * @throws Error if no snapshot is complete: then nothing is removed.
 */
export async function prune(
  store: ObjectStore,
  own: OwnBooks,
  progress: Progress = () => {},
): Promise<Pruned> {
  const residents = await residentsOf(store, own);
  const ours = residents.find(({ house }) => house === own.house);
  const snapshots = ours?.snapshots ?? [];
  const verified = await newestVerified(store, snapshots, progress);
  const segments = ours?.tails.flatMap((tail) => tail.segments) ?? [];
  const { snapshots: kept, removed, removedSegments } = keep(snapshots, segments, verified);
  for (const { id, parts } of removed) {
    await store.remove(manifestKey(id));
    for (const { key } of parts) await store.remove(key);
  }
  // Where another house writes too, they may be of a snapshot that it takes now.
  if (residents.every(({ house }) => house === own.house || house === null))
    for (const key of await strayParts(store)) await store.remove(key);
  for (const [index, { key }] of removedSegments.entries()) {
    await store.remove(key);
    progress('prune', (index + 1) / removedSegments.length);
  }
  return {
    store: store.name,
    kept: kept.length,
    removed: removed.map(({ id }) => id),
    removedSegments: removedSegments.length,
    verified,
  };
}

async function newestVerified(
  store: ObjectStore,
  snapshots: Parameters<typeof keep>[0],
  progress: Progress,
): Promise<string> {
  const faults: string[] = [];
  for (const snapshot of snapshots.toReversed()) {
    try {
      await expectSame(store, snapshot, progress);
      return snapshot.id;
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  const why = faults.length > 0 ? `: ${faults.slice(0, 3).join('; ')}` : '';
  throw new Error(`${store.name} has no complete snapshot of this house, so nothing is removed${why}`);
}
