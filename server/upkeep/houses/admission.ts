import { Failure, isFailure } from '../../ports/failure.ts';
import type { ObjectStore } from '../backup/object-store.ts';
import { lackingOf, seenHeads } from '../backup/seen-heads.ts';
import type { OwnBooks } from './ownership.ts';
import { nameOf, residentsOf, residentText } from './residents.ts';

export interface AdmissionOptions {
  /** Somebody has looked, and wants this house beside what is there. */
  readonly adopt: boolean;
  /** Now, UTC epoch ms. */
  readonly at: number;
}

const keyOf = (house: string): string => `houses/${house}.json`;

/**
 * Lets a house write to a store: one that is empty, or where it has been before. It leaves a note there, so
 * that what one run was allowed the next one is too.
 * @returns the houses beside which it was put by hand, as text; none where nothing was decided now.
 * @throws Failure `other_house`
 */
export async function admit(
  store: ObjectStore,
  own: OwnBooks,
  { adopt, at }: AdmissionOptions,
): Promise<string[]> {
  if ((await store.list('houses/')).includes(keyOf(own.house))) return [];
  const residents = await residentsOf(store, own);
  const isHere = residents.some(({ house }) => house === own.house);
  const others = residents.filter(({ house }) => house !== own.house && house !== null);
  const stranger = isHere || adopt ? null : await strangerIn(store, own);
  if (!isHere && !adopt && (others.length > 0 || stranger !== null))
    throw new Failure(
      'other_house',
      `${store.name} holds ${others.length > 0 ? others.map(residentText).join(' and ') : stranger}. ` +
        `These books are of house ${own.house}, which has nothing there; nothing was written. If it is ` +
        'the wrong folder or bucket, give this house its own (BACKUP_DIR, BACKUP_S3_BUCKET or ' +
        'BACKUP_S3_PREFIX). If these are the wrong books, restore the right ones. To keep both there, ' +
        'run once: "tapgrid backup run --adopt" or "tapgrid archive run --adopt"',
    );
  const beside = isHere ? [] : others.map(({ house }) => nameOf(house));
  const note = { format: 'tapgrid-house-1', house: own.house, at, beside };
  await store
    .put(keyOf(own.house), new TextEncoder().encode(`${JSON.stringify(note)}\n`))
    .catch((cause: unknown) => {
      // Another job of this house has just done the same.
      if (!isFailure(cause, 'object_differs')) throw cause;
    });
  return beside;
}

/** What is logged about a house that an operator put beside others. */
export const adoptedText = (house: string, store: ObjectStore, beside: readonly string[]): string =>
  `ADOPTED: from now on ${store.name} holds house ${house} beside ${beside.join(' and ')}`;

/**
 * The other houses that a store holds, in words, where it has let in none but them; null where it holds this
 * one, or none that has an id.
 */
export async function onlyOthersIn(store: ObjectStore, own: OwnBooks): Promise<string | null> {
  if ((await store.list('houses/')).includes(keyOf(own.house))) return null;
  const named = (await residentsOf(store, own)).filter(({ house }) => house !== null);
  return named.length === 0 || named.some(({ house }) => house === own.house)
    ? null
    : named.map(residentText).join(' and ');
}

/** Data from before house ids is compared with these books by its last commit. */
async function strangerIn(store: ObjectStore, own: OwnBooks): Promise<string | null> {
  const lacking = lackingOf(await seenHeads(store, own), own);
  return lacking === null ? null : `backups of ${nameOf(null)}, and not of this one: ${lacking}`;
}
