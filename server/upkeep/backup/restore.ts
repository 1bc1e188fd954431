import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TailHead, TailTarget } from '../../ports/tail.ts';
import type { Anchor } from '../integrity/walk.ts';
import type { IntegrityReport } from '../integrity.ts';
import { makeDurably, syncDirectory } from './directory-store.ts';
import { isWhole, listSnapshots, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { listSegments, readSegment, type Segment, type SegmentName } from './segment.ts';
import { extract, type Told } from './snapshot.ts';

export interface RestoreOptions {
  /** Folder to restore into; not there, or empty. */
  readonly to: string;
  /** Name of the database in it. */
  readonly file: string;
  /** The newest state that is wanted; null for all there is. */
  readonly until: { readonly batch: number } | { readonly at: number } | null;
  /** Another snapshot than the newest one that fits. */
  readonly snapshot: string | null;
  /** Leave out what was shipped after the snapshot. */
  readonly withoutTail: boolean;
}

/** What the store can do with a restored file. */
export interface DatabaseRestorer {
  open(path: string): TailTarget;
  check(path: string, anchors: ReadonlyMap<number, readonly Anchor[]>, progressed: (part: number, detail: string) => void): Promise<IntegrityReport>;
  sync(path: string): void;
}

export interface Restored {
  readonly snapshot: string;
  readonly segments: number;
  readonly head: TailHead['ledger'];
  /** When the state was read from the house that is restored, UTC epoch ms. */
  readonly at: number;
  readonly report: IntegrityReport;
}

/** Why nothing was restored; the message names the object. */
export class NotRestored extends Error {
  override readonly name = 'NotRestored';
}

const WORK = '.restoring';

/**
 * Restores a ledger into an empty folder: snapshot, then every whole shipment after it, then the proof. The database gets its name only when all of it holds.
 * @throws NotRestored
 */
export async function restore(store: ObjectStore, restorer: DatabaseRestorer, options: RestoreOptions, told: Told = () => {}): Promise<Restored> {
  const { to, file, until } = options;
  const left = existsSync(to) ? readdirSync(to).filter((name) => name !== WORK) : [];
  if (left.length > 0) throw new NotRestored(`${to} is not empty: ${left.slice(0, 3).join(', ')}`);
  const work = join(to, WORK);
  rmSync(work, { recursive: true, force: true });
  makeDurably(work);
  const path = join(work, file);
  try {
    const snapshot = await chooseSnapshot(store, options);
    const names = options.withoutTail ? [] : await chooseSegments(store, snapshot);
    await extract(store, snapshot, path, told);
    const applied = await applyAll(store, restorer, path, snapshot, names, until, told);
    const { head, at } = applied;
    const anchors = new Map<number, Anchor[]>([[snapshot.ledger.batch, [{ hash: snapshot.ledger.hash, source: `snapshot ${snapshot.id}` }]]]);
    anchors.set(head.batch, [...(anchors.get(head.batch) ?? []), { hash: head.hash, source: applied.source }]);
    const report = await restorer.check(path, anchors, (part, detail) => told('prove', part, detail));
    const [violation] = report.violations;
    if (violation !== undefined) throw new NotRestored(`the restored ledger does not hold: ${violation.check}, ${violation.place}: ${violation.detail}`);
    if (report.to.batch !== head.batch || report.to.hash !== head.hash) throw new NotRestored(`the restored ledger ends at batch ${report.to.batch}, the backup at batch ${head.batch}`);
    restorer.sync(path);
    renameSync(path, join(to, file));
    rmSync(work, { recursive: true });
    syncDirectory(to);
    return { snapshot: snapshot.id, segments: applied.segments, head, at, report };
  } catch (error) {
    if (error instanceof NotRestored) throw error;
    throw new NotRestored(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function chooseSnapshot(store: ObjectStore, { snapshot: wanted, until }: RestoreOptions): Promise<Manifest> {
  const all = await listSnapshots(store);
  const known = () => all.map(({ id }) => id).join(', ') || 'none';
  if (wanted !== null) {
    const found = all.find(({ id }) => id === wanted);
    if (found === undefined) throw new NotRestored(`there is no snapshot ${wanted} in ${store.name}; there are: ${known()}`);
    if (!isWhole(found)) throw new NotRestored(found.damaged);
    return found;
  }
  for (const snapshot of all.toReversed()) {
    if (!isWhole(snapshot)) throw new NotRestored(`${snapshot.damaged}; another one may be named: ${known()}`);
    if (until === null || ('batch' in until ? snapshot.ledger.batch <= until.batch : snapshot.at <= until.at)) return snapshot;
  }
  throw new NotRestored(`there is no snapshot in ${store.name}${until === null ? '' : ' that is so old'}; there are: ${known()}`);
}

/** Segments of the newest tail that goes through the snapshot, from the first that leads beyond it. */
async function chooseSegments(store: ObjectStore, snapshot: Manifest): Promise<SegmentName[]> {
  const names = await listSegments(store);
  const tails = [...new Set(names.map(({ tail }) => tail))].toReversed();
  for (const tail of tails) {
    const after = names.filter((name) => name.tail === tail && name.toBatch >= snapshot.ledger.batch);
    if (after.length === 0) continue;
    const { header } = await readSegment(store, after[0]!);
    // A tail of another schema or of a later snapshot does not go on from this one.
    if (header.to.schema !== snapshot.schema || (tail > snapshot.id && header.from.batch !== snapshot.ledger.batch)) continue;
    if (header.from.batch > snapshot.ledger.batch) throw new NotRestored(`the tail ${tail} begins at batch ${header.from.batch}, snapshot ${snapshot.id} ends at batch ${snapshot.ledger.batch}: what is between was pruned or is lost; --without-tail restores the snapshot alone`);
    return after;
  }
  return [];
}

async function applyAll(store: ObjectStore, restorer: DatabaseRestorer, path: string, snapshot: Manifest, names: readonly SegmentName[], until: RestoreOptions['until'], told: Told) {
  let state = { head: snapshot.ledger as TailHead['ledger'], at: snapshot.at, segments: 0, source: `snapshot ${snapshot.id}` };
  if (names.length === 0) return state;
  const target = restorer.open(path);
  try {
    let shipment: Segment[] = [];
    for (const [index, name] of names.entries()) {
      const before = names[index - 1];
      if (before !== undefined && name.number !== before.number + 1) throw new NotRestored(`segment ${before.number + 1} of the tail ${name.tail} is missing`);
      const segment = await readSegment(store, name);
      if (before !== undefined && segment.header.previous !== before.hash) throw new NotRestored(`${name.key} does not follow ${before.key}`);
      told('apply', (index + 1) / names.length, `batch ${name.toBatch}`);
      // What a crash of the shipping process left half is followed by a new first part.
      if (segment.header.part === 0) shipment = [];
      if (segment.header.part !== shipment.length) throw new NotRestored(`${name.key} is part ${segment.header.part + 1} of a shipment whose part ${shipment.length + 1} is missing`);
      shipment.push(segment);
      if (!segment.header.complete || isOlder(segment, snapshot)) continue;
      if (isPast(segment, until)) break;
      applyShipment(target, shipment);
      state = { head: segment.header.to.ledger, at: segment.header.at, segments: state.segments + shipment.length, source: name.key };
      shipment = [];
    }
  } finally {
    target.close();
  }
  return state;
}

const isOlder = ({ header }: Segment, snapshot: Manifest): boolean => header.to.ledger.batch === snapshot.ledger.batch && header.at <= snapshot.at;

const isPast = ({ header: { to, at } }: Segment, until: RestoreOptions['until']): boolean => until !== null && ('batch' in until ? to.ledger.batch > until.batch : at > until.at);

function applyShipment(target: TailTarget, shipment: readonly Segment[]): void {
  target.begin();
  target.apply(shipment.flatMap(({ tables }) => tables));
  target.commit();
}
