import { messageOf } from '../../ports/failure.ts';
import { houseOf } from '../houses/ownership.ts';
import { inOrder, isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { listSegments, readSegment } from './segment.ts';
import { expectSame, type Progress } from './snapshot-contents.ts';

export interface Verified {
  readonly store: string;
  readonly snapshots: readonly string[];
  readonly segments: number;
  /** Sentences that name what is missing or damaged. */
  readonly faults: readonly string[];
  readonly newest: Manifest | null;
}

/**
 * Reads every byte of every snapshot and segment in a store.
 * @param house whose newest snapshot is reported; null for any house.
 */
export async function verifyBackups(
  store: ObjectStore,
  house: string | null,
  progress: Progress = () => {},
): Promise<Verified> {
  const faults: string[] = [];
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      faults.push(messageOf(error));
      return false;
    }
  };
  const all = await listSnapshots(store);
  const whole: Manifest[] = [];
  for (const [index, snapshot] of all.entries()) {
    progress('snapshots', index / all.length, snapshot.id);
    if (!isWhole(snapshot)) faults.push(snapshot.damaged);
    else if (await attempt(() => expectSame(store, snapshot))) whole.push(snapshot);
  }
  const names = await listSegments(store);
  let previous: (typeof names)[number] | undefined;
  for (const [index, name] of names.entries()) {
    progress('segments', (index + 1) / names.length);
    const before = previous?.tail === name.tail ? previous : undefined;
    if (before !== undefined && name.number !== before.number + 1)
      faults.push(`segment ${before.number + 1} of the tail ${name.tail} is missing`);
    await attempt(async () => {
      const { header } = await readSegment(store, name);
      if (before !== undefined && before.number + 1 === name.number && header.previous !== before.hash)
        throw new Error(`${name.key} does not follow ${before.key}`);
    });
    previous = name;
  }
  return {
    store: store.name,
    snapshots: whole.map(({ id }) => id),
    segments: names.length,
    faults,
    newest:
      inOrder(whole).findLast((one) => house === null || (houseOf(one, whole, null) ?? house) === house) ??
      null,
  };
}
