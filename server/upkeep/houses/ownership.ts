import { inOrder, type Manifest } from '../backup/manifest.ts';
import type { ObjectStore } from '../backup/object-store.ts';
import { listSegments, readSegment, type SegmentHeader, type SegmentName } from '../backup/segment.ts';

/** What books say of themselves. */
export interface OwnBooks {
  readonly house: string;
  /** Their last commit; of books that are written to, that of the moment in which it is read. */
  readonly end: number;
  /** Null for a commit that is not there, such as an archived one. */
  hashOf(batch: number): string | null;
}

/**
 * Which house a snapshot is of. One of before houses had ids is of the books that have its last commit, and
 * of the house whose later snapshot has recognised it by that.
 * @param all snapshots of the store; @param own null where there are no books to hold it against.
 * @returns null where nothing says.
 */
export function houseOf(
  { house, id, ledger }: Manifest,
  all: readonly Manifest[],
  own: OwnBooks | null,
): string | null {
  if (house !== undefined) return house;
  if (own !== null && own.hashOf(ledger.batch) === ledger.hash) return own.house;
  return all.find(({ unnamed }) => unnamed?.includes(id))?.house ?? null;
}

/** Snapshots of these books' house, in the order in which they were taken. */
export const ownSnapshots = (all: readonly Manifest[], own: OwnBooks): Manifest[] =>
  inOrder(all.filter((snapshot) => houseOf(snapshot, all, own) === own.house));

/** The segments that continue one snapshot. */
export interface Tail {
  readonly name: string;
  readonly house: string | null;
  /** Number of that snapshot; 0 where it was not counted. */
  readonly base: number;
  /** By number. */
  readonly segments: readonly SegmentName[];
}

/**
 * All tails of a store, in the order of the snapshots at which they began.
 * @param snapshots its whole ones.
 */
export async function tailsOf(
  store: ObjectStore,
  snapshots: readonly Manifest[],
  own: OwnBooks | null,
): Promise<Tail[]> {
  const tails = Map.groupBy(await listSegments(store), ({ tail }) => tail);
  const found: Tail[] = [];
  for (const [name, segments] of tails) {
    const snapshot = snapshots.find(({ id }) => id === name);
    const house = snapshot === undefined ? null : houseOf(snapshot, snapshots, own);
    const isKnown = house !== null && snapshot?.number !== undefined;
    const header = isKnown ? null : await newestHeader(store, segments);
    const base = snapshot?.number ?? header?.base ?? 0;
    found.push({ name, segments, base, house: house ?? houseOfSegment(header, own) });
  }
  return found.sort((a, b) => a.base - b.base || (a.name < b.name ? -1 : 1));
}

function houseOfSegment(header: SegmentHeader | null, own: OwnBooks | null): string | null {
  if (header === null) return null;
  if (header.to.house !== undefined) return header.to.house;
  const { batch, hash } = header.to.ledger;
  return own !== null && own.hashOf(batch) === hash ? own.house : null;
}

async function newestHeader(
  store: ObjectStore,
  segments: readonly SegmentName[],
): Promise<SegmentHeader | null> {
  for (const name of segments.toReversed()) {
    const segment = await readSegment(store, name).catch(() => null);
    if (segment !== null) return segment.header;
  }
  return null;
}
