import { Failure } from '../../ports/failure.ts';
import { inOrder, isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { houseOf, tailsOf, type OwnBooks, type Tail } from '../houses/ownership.ts';
import { readSegment } from './segment.ts';
import { goesThrough } from './tail-choice.ts';

/** A head of the ledger chain that something outside the database has seen. */
export interface SeenHead {
  readonly batch: number;
  readonly hash: string;
  /** Of which house it says that it is. */
  readonly house?: string;
  /** For people: `snapshot 20261130T120000Z-1234-9f3a01bc`. */
  readonly source: string;
}

const HASH_SHOWN = 16;

/**
 * What books lack of what was seen of them, the gravest first.
 * @returns a sentence; null where they lack nothing
 */
export function lackingOf(
  seen: readonly SeenHead[],
  { end, hashOf }: Pick<OwnBooks, 'end' | 'hashOf'>,
): string | null {
  const complaints = seen
    .toSorted((a, b) => b.batch - a.batch)
    .map(({ batch, hash, source }) => {
      const head = `batch ${batch} (${hash.slice(0, HASH_SHOWN)})`;
      if (batch > end)
        return (
          `The books end at batch ${end}: ${batch - end} ${batch - end === 1 ? 'batch is' : 'batches are'} ` +
          `missing up to ${head}, which ${source} has seen.`
        );
      const own = hashOf(batch);
      return own !== null && own !== hash
        ? `The books have another history than ${source} has seen: ${head}.`
        : null;
    });
  return complaints.find((complaint) => complaint !== null) ?? null;
}

/**
 * The newest heads that a store of backups has seen of the books' house: of its newest whole snapshot, and of
 * the last whole shipment of its newest tail. Where nothing is of that house, of what was written before
 * houses had ids: it is of these books if it has a head of theirs.
 */
export async function seenHeads(store: ObjectStore, own: OwnBooks): Promise<SeenHead[]> {
  const all = inOrder((await listSnapshots(store)).filter(isWhole));
  const snapshots = newestOf(all, (snapshot) => houseOf(snapshot, all, own), own);
  const tails = newestOf(await tailsOf(store, all, own), ({ house }) => house, own);
  const snapshot = snapshots.at(-1);
  const heads: SeenHead[] = [];
  if (snapshot !== undefined) heads.push({ ...snapshot.ledger, source: `snapshot ${snapshot.id}` });
  const tail = tails.at(-1);
  for (const name of tail?.segments.toReversed() ?? []) {
    const segment = await readSegment(store, name).catch(() => null);
    if (segment?.header.complete !== true) continue;
    // A segment shipped before the snapshot may belong to a history that somebody gave up; if it does not,
    // the snapshot has seen it too.
    if (
      snapshot === undefined ||
      (segment.header.at > snapshot.at && !(await isGivenUp(store, tail!, snapshot)))
    )
      heads.push({ ...segment.header.to.ledger, source: `the tail ${tail!.name}` });
    break;
  }
  return heads;
}

/**
 * Holds books against what a store has seen of them, before anything of theirs is written there, where it
 * would pass for the newest state.
 * @throws Failure `books_behind`
 */
export async function expectAhead(store: ObjectStore, own: OwnBooks): Promise<void> {
  const lacking = lackingOf(await seenHeads(store, own), own);
  if (lacking !== null)
    throw new Failure(
      'books_behind',
      `${lacking} Nothing was written to ${store.name}, where they would look like the newest state. See ` +
        '"The books ' +
        'stand behind" in the runbook; "tapgrid backup run --adopt" continues the backups with these books',
    );
}

/** Those of the house, or where there are none those that say nothing of a house. */
function newestOf<One>(all: readonly One[], houseOf: (one: One) => string | null, own: OwnBooks): One[] {
  const ours = all.filter((one) => houseOf(one) === own.house);
  return ours.length > 0 ? ours : all.filter((one) => houseOf(one) === null);
}

/**
 * Whether a tail that began before a snapshot has another history than that: somebody continued from there,
 * whatever the clock of the tail said. What cannot be read says nothing.
 */
async function isGivenUp(
  store: ObjectStore,
  { base, segments }: Tail,
  { number = 0, ledger }: Manifest,
): Promise<boolean> {
  if (base >= number) return false;
  const first = segments.find(({ toBatch }) => toBatch >= ledger.batch);
  if (first === undefined) return false;
  try {
    // It began at a later batch than the snapshot that came after it.
    if (first.number === 1 && (await readSegment(store, first)).header.from.batch > ledger.batch) return true;
    const shipment = segments.filter(({ toBatch }) => toBatch === first.toBatch);
    return !(await goesThrough(store, shipment, ledger));
  } catch {
    return false;
  }
}
