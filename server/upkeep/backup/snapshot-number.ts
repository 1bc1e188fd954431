import { ownSnapshots, type OwnBooks } from '../houses/ownership.ts';
import { isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';

/** Longer than a bucket takes to list its snapshots; what is shipped every few seconds waits for it. */
const REMOTE_MS_MAX = 5_000;
const MINUTE_MS = 60_000;

/**
 * Snapshots in the bucket, for the number of the next one; null where it does not say in time.
 */
export async function snapshotsIn(remote: ObjectStore): Promise<readonly Manifest[] | null> {
  const listed = listSnapshots(remote).then(
    (all) => all.filter(isWhole),
    () => null,
  );
  return Promise.race([listed, Bun.sleep(REMOTE_MS_MAX).then(() => null)]);
}

/**
 * One more than that of any snapshot of the house, here or in the bucket.
 * @param there null where the bucket cannot be asked. Then it is at least the minutes of the clock: more than
 *   were ever counted one by one, so that the next one is later than whatever lies there.
 */
export function nextNumber(
  ours: readonly Manifest[],
  there: readonly Manifest[] | null,
  own: OwnBooks,
  at: number,
): number {
  const newest = (snapshots: readonly Manifest[]): number => snapshots.at(-1)?.number ?? 0;
  const remote = there === null ? Math.floor(at / MINUTE_MS) : newest(ownSnapshots(there, own));
  return Math.max(newest(ours), remote) + 1;
}
