import { isWhole, listSnapshots } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { listSegments, readSegment } from './segment.ts';

/** A head of the ledger chain that something outside the database has seen. */
export interface SeenHead {
  readonly batch: number;
  readonly hash: string;
  /** For people: `snapshot 20261130T120000Z-1234`. */
  readonly source: string;
}

const HASH_SHOWN = 16;

/**
 * What books lack of what was seen of them, the gravest first.
 * @param end last batch of the books
 * @param hashOf of a batch in the books; null for one that is not there, such as an archived one
 * @returns a sentence; null where they lack nothing
 */
export function lackingOf(
  seen: readonly SeenHead[],
  end: number,
  hashOf: (batch: number) => string | null,
): string | null {
  const complaints = seen
    .toSorted((a, b) => b.batch - a.batch)
    .map(({ batch, hash, source }) => {
      const head = `batch ${batch} (${hash.slice(0, HASH_SHOWN)})`;
      if (batch > end)
        return `The books end at batch ${end}: ${batch - end} ${batch - end === 1 ? 'batch is' : 'batches are'} missing up to ${head}, which ${source} has seen.`;
      const own = hashOf(batch);
      return own !== null && own !== hash
        ? `The books have another history than ${source} has seen: ${head}.`
        : null;
    });
  return complaints.find((complaint) => complaint !== null) ?? null;
}

/**
 * The newest heads that a store of backups has seen: of its newest whole snapshot, and of the last whole
 * shipment of its newest tail.
 */
export async function seenHeads(store: ObjectStore): Promise<SeenHead[]> {
  const heads: SeenHead[] = [];
  const snapshot = (await listSnapshots(store)).findLast(isWhole);
  if (snapshot !== undefined) heads.push({ ...snapshot.ledger, source: `snapshot ${snapshot.id}` });
  const segments = await listSegments(store);
  const newest = segments.at(-1)?.tail;
  for (const name of segments.filter(({ tail }) => tail === newest).reverse()) {
    const segment = await readSegment(store, name).catch(() => null);
    if (segment?.header.complete !== true) continue;
    // What was shipped before the snapshot may be of a history that somebody gave up, and else the snapshot
    // has seen it too.
    if (snapshot === undefined || segment.header.at > snapshot.at)
      heads.push({ ...segment.header.to.ledger, source: `the tail ${newest}` });
    break;
  }
  return heads;
}
