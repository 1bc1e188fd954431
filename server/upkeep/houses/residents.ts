import { ARCHIVE_PREFIX, archivedHouse } from '../archive/manifest.ts';
import { inOrder, isWhole, listSnapshots, type Manifest } from '../backup/manifest.ts';
import type { ObjectStore } from '../backup/object-store.ts';
import { houseOf, tailsOf, type OwnBooks, type Tail } from './ownership.ts';

/** What a store holds of one house. */
export interface Resident {
  /** Null for what was written before houses had ids, and is of no house that is known. */
  readonly house: string | null;
  /** Whole ones, in the order in which they were taken. */
  readonly snapshots: readonly Manifest[];
  readonly tails: readonly Tail[];
  /** Segments of its archive. */
  readonly archived: number;
}

/**
 * The houses whose backups or archive lie in a store. @param own recognises what of these books has no id.
 */
export async function residentsOf(store: ObjectStore, own: OwnBooks | null): Promise<Resident[]> {
  const snapshots = (await listSnapshots(store)).filter(isWhole);
  const tails = await tailsOf(store, snapshots, own);
  const archived = (await store.list(ARCHIVE_PREFIX))
    .map(archivedHouse)
    .filter((house) => house !== undefined);
  const houses = new Set([
    ...snapshots.map((snapshot) => houseOf(snapshot, snapshots, own)),
    ...tails.map(({ house }) => house),
    ...archived,
  ]);
  return [...houses].map((house) => ({
    house,
    snapshots: inOrder(snapshots.filter((snapshot) => houseOf(snapshot, snapshots, own) === house)),
    tails: tails.filter((tail) => tail.house === house),
    archived: archived.filter((one) => one === house).length,
  }));
}

/** One line: which house, and what there is of it. */
export function residentText({ house, snapshots, tails, archived }: Resident): string {
  const newest = snapshots.at(-1);
  const segments = tails.reduce((sum, tail) => sum + tail.segments.length, 0);
  const parts = [
    newest === undefined
      ? 'no snapshot'
      : `${counted(snapshots.length, 'snapshot')} from ${timeOf(snapshots[0]!.at)} to ` +
        `${timeOf(newest.at)}, the newest with ${counted(newest.numbers.bets, 'bet')} up to batch ` +
        `${newest.ledger.batch} of ${timeOf(newest.ledger.at)}`,
    ...(segments > 0 ? [`${counted(segments, 'segment')} of its tail`] : []),
    ...(archived > 0 ? [`${counted(archived, 'segment')} of its archive`] : []),
  ];
  return `${nameOf(house)}: ${parts.join('; ')}`;
}

/** `1 segment`, `2 segments`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** How people read a house. */
export const nameOf = (house: string | null): string =>
  house === null ? 'a house from before house ids' : `house ${house}`;

const timeOf = (at: number): string => new Date(at).toISOString().slice(0, 19).concat('Z');
