import { present } from '../../game/present.ts';
import { Failure } from '../../ports/failure.ts';
import { tailsOf, type Tail } from '../houses/ownership.ts';
import type { Until } from './choose.ts';
import { isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { readSegment, type SegmentName } from './segment.ts';

/**
 * Segments of the newest tail that goes through the snapshot, from the first that leads beyond it. Where
 * something was shipped after the snapshot and cannot be applied, bets would be left out in silence: that is
 * refused.
 */
export async function chooseSegments(
  store: ObjectStore,
  snapshot: Manifest,
  house: string | null,
  until: Until,
): Promise<SegmentName[]> {
  const tails = await tailsOf(store, (await listSnapshots(store)).filter(isWhole), null);
  const passedOver: string[] = [];
  for (const tail of tails.toReversed()) {
    const { house: its, segments } = tail;
    // If one of them has no id, the chain decides.
    if (its !== null && house !== null && its !== house) continue;
    const after = segments.filter((segment) => segment.toBatch >= snapshot.ledger.batch);
    if (after.length === 0) continue;
    const why = await whyNot(store, tail, after, snapshot);
    if (why === null) return after;
    // What was shipped before the snapshot was taken, or by a tail that another one followed since, is of a
    // history that was given up for it.
    const newest = after.at(-1);
    if (
      !tails.some(({ base }) => snapshot.number !== undefined && base >= snapshot.number) &&
      newest !== undefined &&
      newest.toBatch > snapshot.ledger.batch &&
      (await readSegment(store, newest)).header.at > snapshot.at
    )
      passedOver.push(why);
  }
  if (passedOver.length > 0 && until === null) {
    throw new Failure(
      'not_restored',
      `${passedOver.join('; ')}. --without-tail restores snapshot ${snapshot.id} alone, up to batch ` +
        `${snapshot.ledger.batch}; --snapshot chooses another one`,
    );
  }
  return [];
}

/**
 * Why a tail does not continue a snapshot; null if it does. @param after its segments from the first that
 * leads beyond the snapshot.
 */
async function whyNot(
  store: ObjectStore,
  { name: tail, base }: Tail,
  after: readonly SegmentName[],
  { id, number = 0, schema, ledger }: Manifest,
): Promise<string | null> {
  const { from, to } = (await readSegment(store, present(after[0], 'segment of the tail'))).header;
  const other =
    `the tail ${tail} is of another house than snapshot ${id}, or of another history of this ` +
    `one: both have a batch ${ledger.batch}, and it is not the same`;
  if (from.batch === ledger.batch && from.hash !== ledger.hash) return other;
  if (to.schema !== schema)
    return (
      `the tail ${tail} is of another schema than snapshot ${id}; ` +
      'it continues a snapshot of its own, which is not here'
    );
  if (from.batch > ledger.batch)
    return (
      `the tail ${tail} begins at batch ${from.batch}, snapshot ${id} ends at batch ` +
      `${ledger.batch}: the commits in between were pruned or lost`
    );
  const isLater = base > number || (base === number && tail > id);
  if (isLater && from.batch !== ledger.batch)
    return `the tail ${tail} belongs to a later snapshot than ${id}`;
  return from.batch < ledger.batch &&
    !(await goesThrough(
      store,
      after.filter(({ toBatch }) => toBatch === to.ledger.batch),
      ledger,
    ))
    ? other
    : null;
}

/** Whether a shipment has that very batch among its rows. */
export async function goesThrough(
  store: ObjectStore,
  shipment: readonly SegmentName[],
  { batch, hash }: Manifest['ledger'],
): Promise<boolean> {
  for (const name of shipment) {
    for (const { table, columns, rows } of (await readSegment(store, name)).tables) {
      if (table !== 'batches') continue;
      const row = rows.find((row) => row[columns.indexOf('seq')] === batch);
      if (row !== undefined) return row[columns.indexOf('hash')] === hash;
    }
  }
  // A shipment without the batch ends at it.
  return true;
}
