import type { Manifest } from '../backup/manifest.ts';
import type { ObjectStore } from '../backup/object-store.ts';
import { listSegments, readSegment, type SegmentHeader, type SegmentName } from '../backup/segment.ts';

/** What books say of themselves. */
export interface OwnBooks {
  readonly house: string;
  /** Their last commit. */
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

/** Snapshots of these books' house. */
export const ownSnapshots = (all: readonly Manifest[], own: OwnBooks): Manifest[] =>
  all.filter((snapshot) => houseOf(snapshot, all, own) === own.house);

/** The segments that go on from one snapshot. */
export interface Tail {
  readonly name: string;
  readonly house: string | null;
  /** By number. */
  readonly segments: readonly SegmentName[];
}

/** All tails of a store, oldest first. @param snapshots its whole ones. */
export async function tailsOf(
  store: ObjectStore,
  snapshots: readonly Manifest[],
  own: OwnBooks | null,
): Promise<Tail[]> {
  const tails = Map.groupBy(await listSegments(store), ({ tail }) => tail);
  const found: Tail[] = [];
  for (const [name, segments] of tails) {
    const base = snapshots.find(({ id }) => id === name);
    const house = base === undefined ? null : houseOf(base, snapshots, own);
    found.push({ name, segments, house: house ?? (await houseOfSegments(store, segments, own)) });
  }
  return found;
}

async function houseOfSegments(
  store: ObjectStore,
  segments: readonly SegmentName[],
  own: OwnBooks | null,
): Promise<string | null> {
  const header = await newestHeader(store, segments);
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
