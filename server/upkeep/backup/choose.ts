import { Failure } from '../../ports/failure.ts';
import { houseOf } from '../houses/ownership.ts';
import { nameOf, residentsOf, residentText, type Resident } from '../houses/residents.ts';
import { inOrder, isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';

/** The newest state that is asked for; null for all there is. */
export type Until = { readonly batch: number } | { readonly at: number } | null;

export interface Choice {
  /** The beginning of its id; null if the store has one house, or the snapshot decides. */
  readonly house: string | null;
  readonly until: Until;
  /** Another snapshot than the newest one that fits. */
  readonly snapshot: string | null;
}

/** What there was to choose from, for the report. */
export interface Chosen {
  readonly snapshot: Manifest;
  /** Null for a snapshot of before houses had ids that no later one has recognised. */
  readonly house: string | null;
  /** Newer ones of the house, the newest first, and why they were not taken. */
  readonly passedOver: readonly { readonly id: string; readonly why: string }[];
  /** Other houses in the store, one line each. */
  readonly otherHouses: readonly string[];
}

/**
 * The snapshot that is restored: the newest of the house that is not past what is asked for.
 * @throws Failure `several_houses` where none of them is named; `not_restored` where the newest that would be
 *   taken is damaged, or none fits.
 */
export async function chooseSnapshot(store: ObjectStore, choice: Choice): Promise<Chosen> {
  const all = await listSnapshots(store);
  const whole = all.filter(isWhole);
  const residents = await residentsOf(store, null);
  const named = choice.snapshot === null ? null : snapshotNamed(store, all, choice.snapshot);
  const house = named === null ? houseNamed(store, residents, choice.house) : houseOf(named, whole, null);
  if (named !== null && choice.house !== null && !(house ?? '').startsWith(choice.house))
    throw new Failure(
      'not_restored',
      `snapshot ${named.id} is of ${nameOf(house)}, not of house ${choice.house}`,
    );
  const ours = inOrder(whole.filter((snapshot) => houseOf(snapshot, whole, null) === house));
  const index =
    named === null ? ours.findLastIndex((snapshot) => !isLater(snapshot, choice.until)) : ours.indexOf(named);
  const snapshot = ours[index];
  // Of which house a damaged one is, it does not say: it may be the newest of this one.
  const damaged = all.findLast((one) => !isWhole(one) && one.id > (snapshot?.id ?? ''));
  if (named === null && damaged !== undefined && !isWhole(damaged))
    throw new Failure('not_restored', `${damaged.damaged}; choose another one: ${idsOf(all)}`);
  if (snapshot === undefined)
    throw new Failure(
      'not_restored',
      `${store.name} has no snapshot${choice.until === null ? '' : ' as old as --until asks'}` +
        availableText(all),
    );
  return {
    snapshot,
    house,
    passedOver: ours
      .slice(index + 1)
      .toReversed()
      .map(({ id }) => ({ id, why: named === null ? 'later than --until' : 'a different one was chosen' })),
    otherHouses: residents.filter((one) => one.house !== house).map(residentText),
  };
}

const idsOf = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join(', ');

const availableText = (all: readonly { readonly id: string }[]): string =>
  all.length === 0 ? '' : `; available: ${idsOf(all)}`;

const isLater = ({ ledger, at }: Manifest, until: Until): boolean =>
  until !== null && ('batch' in until ? ledger.batch > until.batch : at > until.at);

function snapshotNamed(
  store: ObjectStore,
  all: Awaited<ReturnType<typeof listSnapshots>>,
  id: string,
): Manifest {
  const found = all.find((snapshot) => snapshot.id === id);
  if (found === undefined)
    throw new Failure('not_restored', `${store.name} has no snapshot ${id}${availableText(all)}`);
  if (!isWhole(found)) throw new Failure('not_restored', found.damaged);
  return found;
}

/** @throws Failure where it is not clear which house is meant. */
function houseNamed(
  store: ObjectStore,
  residents: readonly Resident[],
  beginning: string | null,
): string | null {
  const restorable = residents.filter(({ snapshots }) => snapshots.length > 0);
  const meant =
    beginning === null ? restorable : restorable.filter(({ house }) => house?.startsWith(beginning) === true);
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only.house;
  const list = restorable.map((resident) => `\n  ${residentText(resident)}`).join('');
  if (restorable.length === 0) return null;
  if (beginning === null)
    throw new Failure(
      'several_houses',
      `${store.name} has several houses; choose one with --house <id>, or a snapshot with --snapshot ` +
        `<id>:${list}`,
    );
  throw new Failure(
    'not_restored',
    `${meant.length === 0 ? 'no house' : 'more than one house'} in ${store.name} begins with ` +
      `${beginning}; there are:${list}`,
  );
}
