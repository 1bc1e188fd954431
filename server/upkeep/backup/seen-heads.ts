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

/** The newest heads that a store of backups has seen: of its newest whole snapshot, and of the last whole shipment of its newest tail. */
export async function seenHeads(store: ObjectStore): Promise<SeenHead[]> {
  const heads: SeenHead[] = [];
  const snapshot = (await listSnapshots(store)).findLast(isWhole);
  if (snapshot !== undefined) heads.push({ ...snapshot.ledger, source: `snapshot ${snapshot.id}` });
  const segments = await listSegments(store);
  const newest = segments.at(-1)?.tail;
  // A tail that a newer snapshot has replaced may be of a history that somebody gave up.
  if (newest === undefined || (snapshot !== undefined && newest < snapshot.id && segments.at(-1)!.toBatch < snapshot.ledger.batch)) return heads;
  for (const name of segments.filter(({ tail }) => tail === newest).reverse()) {
    const segment = await readSegment(store, name).catch(() => null);
    if (segment?.header.complete !== true) continue;
    heads.push({ ...segment.header.to.ledger, source: `the tail ${newest}` });
    break;
  }
  return heads;
}
