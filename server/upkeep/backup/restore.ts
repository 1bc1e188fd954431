import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../game/present.ts';
import { Failure, isFailure, messageOf } from '../../ports/failure.ts';
import type { TailHead, TailTarget } from '../../ports/tail.ts';
import type { Anchor } from '../integrity/walk.ts';
import type { IntegrityReport } from '../integrity.ts';
import { makeDurably, syncDirectory } from './directory-store.ts';
import { tailsOf, type Tail } from '../houses/ownership.ts';
import { chooseSnapshot, type Choice, type Chosen, type Until } from './choose.ts';
import { isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { readSegment, type Segment, type SegmentName } from './segment.ts';
import { extract, type Progress } from './snapshot.ts';

export interface RestoreOptions extends Choice {
  /** Folder to restore into; not there, or empty. */
  readonly to: string;
  /** Name of the database in it. */
  readonly file: string;
  /** Leave out what was shipped after the snapshot. */
  readonly withoutTail: boolean;
}

/** What the store can do with a restored file. */
export interface DatabaseRestorer {
  open(path: string): TailTarget;
  /** Which house a file that was checked is of. */
  houseOf(path: string): string | null;
  check(
    path: string,
    anchors: ReadonlyMap<number, readonly Anchor[]>,
    progressed: (part: number, detail: string) => void,
  ): Promise<IntegrityReport>;
  /** Makes a file that holds the books of a house, durably. */
  finish(path: string): void;
}

export interface Restored extends Pick<Chosen, 'house' | 'passedOver' | 'otherHouses'> {
  readonly snapshot: string;
  readonly segments: number;
  readonly head: TailHead['ledger'];
  /** When the state was read from the house that is restored, UTC epoch ms. */
  readonly at: number;
  readonly report: IntegrityReport;
}

const WORK = '.restoring';

/**
 * Restores a ledger into an empty folder: snapshot, then every whole shipment after it, then the proof. The
 * database gets its name only when all of it holds.
 * @throws Failure `not_restored`, `several_houses`
 */
export async function restore(
  store: ObjectStore,
  restorer: DatabaseRestorer,
  options: RestoreOptions,
  progress: Progress = () => {},
): Promise<Restored> {
  const { to, file, until } = options;
  const left = existsSync(to) ? readdirSync(to).filter((name) => name !== WORK) : [];
  if (left.length > 0)
    throw new Failure('not_restored', `${to} is not empty: ${left.slice(0, 3).join(', ')}`);
  const work = join(to, WORK);
  rmSync(work, { recursive: true, force: true });
  makeDurably(work);
  const path = join(work, file);
  try {
    const { snapshot, ...chosen } = await chooseSnapshot(store, options);
    const names = options.withoutTail ? [] : await chooseSegments(store, snapshot, chosen.house, until);
    await extract(store, snapshot, path, progress);
    const applied = await applyAll(store, restorer, path, snapshot, names, until, progress);
    const { head, at } = applied;
    const anchors = new Map<number, Anchor[]>([
      [snapshot.ledger.batch, [{ hash: snapshot.ledger.hash, source: `snapshot ${snapshot.id}` }]],
    ]);
    anchors.set(head.batch, [
      ...(anchors.get(head.batch) ?? []),
      { hash: head.hash, source: applied.source },
    ]);
    const report = await restorer.check(path, anchors, (part, detail) => progress('prove', part, detail));
    const [violation] = report.violations;
    if (violation !== undefined)
      throw new Failure(
        'not_restored',
        `the restored ledger does not hold: ${violation.check}, ${violation.place}: ${violation.detail}`,
      );
    if (report.to.batch !== head.batch || report.to.hash !== head.hash)
      throw new Failure(
        'not_restored',
        `the restored ledger ends at batch ${report.to.batch}, the backup at batch ${head.batch}`,
      );
    if (chosen.house !== null && restorer.houseOf(path) !== chosen.house)
      throw new Failure(
        'not_restored',
        `the restored ledger is of house ${restorer.houseOf(path)}, snapshot ${snapshot.id} says that it ` +
          `is of house ${chosen.house}`,
      );
    restorer.finish(path);
    renameSync(path, join(to, file));
    rmSync(work, { recursive: true });
    syncDirectory(to);
    return { snapshot: snapshot.id, ...chosen, segments: applied.segments, head, at, report };
  } catch (error) {
    if (isFailure(error, 'not_restored', 'several_houses')) throw error;
    throw new Failure('not_restored', messageOf(error), {
      cause: error,
    });
  }
}

/**
 * Segments of the newest tail that goes through the snapshot, from the first that leads beyond it. Where
 * something was shipped after the snapshot and
 * cannot be applied, bets would be left out in silence: that is refused.
 */
async function chooseSegments(
  store: ObjectStore,
  snapshot: Manifest,
  house: string | null,
  until: Until,
): Promise<SegmentName[]> {
  const tails = await tailsOf(store, (await listSnapshots(store)).filter(isWhole), null);
  const passedOver: string[] = [];
  for (const tail of tails.toReversed()) {
    const { house: its, segments } = tail;
    // Where one of them has no id, the chain tells.
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
        `${snapshot.ledger.batch}; --snapshot names another one`,
    );
  }
  return [];
}

/**
 * Why a tail does not go on from a snapshot; null when it does. @param after its segments from the first that
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
      'it continues from its own, which is not here'
    );
  if (from.batch > ledger.batch)
    return (
      `the tail ${tail} begins at batch ${from.batch}, snapshot ${id} ends at batch ` +
      `${ledger.batch}: what is between was pruned or is lost`
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
async function goesThrough(
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

async function applyAll(
  store: ObjectStore,
  restorer: DatabaseRestorer,
  path: string,
  snapshot: Manifest,
  names: readonly SegmentName[],
  until: Until,
  progress: Progress,
) {
  let state = {
    head: snapshot.ledger as TailHead['ledger'],
    at: snapshot.at,
    segments: 0,
    source: `snapshot ${snapshot.id}`,
  };
  if (names.length === 0) return state;
  const target = restorer.open(path);
  try {
    let shipment: Segment[] = [];
    for (const [index, name] of names.entries()) {
      let segment: Segment;
      try {
        segment = await follower(store, name, names[index - 1], shipment.length);
      } catch (error) {
        const { batch } = state.head;
        // What is damaged behind the state that is wanted does not matter.
        if (until !== null && 'batch' in until && batch >= until.batch) break;
        throw new Failure(
          'not_restored',
          `${messageOf(error)}; --until ${batch} restores all that is before it`,
          { cause: error },
        );
      }
      progress('apply', (index + 1) / names.length, `batch ${name.toBatch}`);
      // What a crash of the shipping process left half is followed by a new first part.
      if (segment.header.part === 0) shipment = [];
      shipment.push(segment);
      if (!segment.header.complete || isOlder(segment, snapshot)) continue;
      if (isPast(segment, until)) break;
      applyShipment(target, shipment);
      state = {
        head: segment.header.to.ledger,
        at: segment.header.at,
        segments: state.segments + shipment.length,
        source: name.key,
      };
      shipment = [];
    }
  } finally {
    target.close();
  }
  return state;
}

/**
 * Reads the segment that comes after `before`, with `parts` of its shipment there already. @throws Error when
 * one is missing or damaged.
 */
async function follower(
  store: ObjectStore,
  name: SegmentName,
  before: SegmentName | undefined,
  parts: number,
): Promise<Segment> {
  if (before !== undefined && name.number !== before.number + 1)
    throw new Error(`segment ${before.number + 1} of the tail ${name.tail} is missing`);
  const segment = await readSegment(store, name);
  if (before !== undefined && segment.header.previous !== before.hash)
    throw new Error(`${name.key} does not follow ${before.key}`);
  if (segment.header.part !== 0 && segment.header.part !== parts)
    throw new Error(
      `${name.key} is part ${segment.header.part + 1} of a shipment whose part ${parts + 1} is missing`,
    );
  return segment;
}

const isOlder = ({ header }: Segment, snapshot: Manifest): boolean =>
  header.to.ledger.batch === snapshot.ledger.batch && header.at <= snapshot.at;

const isPast = ({ header: { to, at } }: Segment, until: Until): boolean =>
  until !== null && ('batch' in until ? to.ledger.batch > until.batch : at > until.at);

function applyShipment(target: TailTarget, shipment: readonly Segment[]): void {
  target.begin();
  target.apply(shipment.flatMap(({ tables }) => tables));
  target.commit();
}
