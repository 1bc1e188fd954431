import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, isFailure, messageOf, placedMessageOf } from '../../ports/failure.ts';
import type { TailHead, TailTarget } from '../../ports/tail.ts';
import type { Anchor } from '../integrity/walk.ts';
import type { IntegrityReport } from '../integrity.ts';
import { makeDurably, syncDirectory } from './directory-store.ts';
import { chooseSnapshot, type Choice, type Chosen, type Until } from './choose.ts';
import type { Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { readSegment, type Segment, type SegmentName } from './segment.ts';
import { chooseSegments } from './tail-choice.ts';
import { extract, type Progress } from './snapshot-contents.ts';

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
        `the restored ledger fails verification: ${violation.check}, ${violation.place}: ${violation.detail}`,
      );
    if (report.to.batch !== head.batch || report.to.hash !== head.hash)
      throw new Failure(
        'not_restored',
        `the restored ledger ends at batch ${report.to.batch}, but the backup at batch ${head.batch}`,
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
    throw new Failure('not_restored', placedMessageOf(error), { cause: error });
  }
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
          `${messageOf(error)}; --until ${batch} restores everything before it`,
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
