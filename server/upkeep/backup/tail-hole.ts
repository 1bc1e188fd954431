import { present } from '../../game/present.ts';
import { isFailure } from '../../ports/failure.ts';
import { ownSnapshots, tailsOf, type OwnBooks, type Tail } from '../houses/ownership.ts';
import { isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { readSegment, type SegmentName } from './segment.ts';

/** The newest tail of the books' house, or one from before house ids, whose chain decides. */
export const newestTail = (tails: readonly Tail[], own: OwnBooks): Tail | undefined =>
  tails.findLast(({ house }) => house === own.house || house === null);

/**
 * What a tail lacks after a snapshot, so that a restore of that snapshot would end before its newest state.
 * Segments before the snapshot may be gone.
 * @returns words that name it; null where nothing is missing
 * @throws Error for a segment that is damaged
 */
export async function holeAfter(
  store: ObjectStore,
  segments: readonly SegmentName[],
  { id, ledger }: Manifest,
): Promise<string | null> {
  const first = segments.findIndex(({ toBatch }) => toBatch >= ledger.batch);
  if (first === -1) return null;
  const after = segments.slice(first);
  const { tail, number } = present(after[0], 'segment after the snapshot');
  const missing = (one: number): string => `segment ${one} of the tail ${tail} is missing`;
  const second = after.findIndex((one, index) => index > 0 && one.number !== after[index - 1]!.number + 1);
  if (second !== -1) return missing(after[second - 1]!.number + 1);
  if (segments[first - 1]?.number === number - 1) return null;
  const { from, part } = (await readSegment(store, after[0]!)).header;
  return from.batch > ledger.batch || part > 0 ? `${missing(number - 1)} after snapshot ${id}` : null;
}

/**
 * The hole in a store behind which a restore would stay: that of the newest tail of the books' house after
 * its newest snapshot. A snapshot that is newer than the hole closes it.
 * @returns words that name it; null where nothing is missing, or there is no snapshot
 */
export async function holeIn(store: ObjectStore, own: OwnBooks): Promise<string | null> {
  const snapshots = (await listSnapshots(store)).filter(isWhole);
  const newest = ownSnapshots(snapshots, own).at(-1);
  const tail = newestTail(await tailsOf(store, snapshots, own), own);
  if (newest === undefined || tail === undefined) return null;
  try {
    return await holeAfter(store, tail.segments, newest);
  } catch (cause) {
    // The job has just pruned it.
    if (isFailure(cause, 'object_missing')) return null;
    throw cause;
  }
}
