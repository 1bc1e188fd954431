import { checkSegment } from '../../server/store/archive/segment-check.ts';
import type { SealedSegment, SegmentRows } from '../../server/ports/archive.ts';
import { SegmentStore } from '../../server/upkeep/archive/segment-store.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { notFound } from '../command-line/failure.ts';
import { fromArchive } from './reached.ts';
import { lockArchive, type ArchiveHouse } from './house.ts';
import type { Job } from './job.ts';
import { Failure, messageOf } from '../../server/ports/failure.ts';

/**
 * Fetches one segment so that pages and API read it: out of the first place that has it whole. The server
 * starts this when a trader asks.
 */
export async function runFetch({ house, config }: Job, what: string): Promise<Outcome> {
  const segment = house.source.segments().find(({ number }) => String(number) === what);
  if (segment === undefined) throw notFound(`There is no segment ${what} in the archive.`);
  const lock = lockArchive(config.dataDir, 'fetch');
  try {
    const { rows, place } = await fromArchive(() => rowsOfSegment(house, segment));
    const file = house.fetched.add(segment, rows);
    return {
      exit: EXIT.ok,
      report: { ok: true, number: segment.number, place, file, bets: rows.bets.length },
      text: `segment ${segment.number} from ${place}: ${rows.bets.length} bets in history/${file}\n`,
    };
  } finally {
    lock.release();
  }
}

/**
 * The rows of a segment out of the first place that has it whole.
 * @throws AggregateError that names what is wrong in each place.
 */
export async function rowsOfSegment(
  { house, places: { store, earlier } }: ArchiveHouse,
  segment: SealedSegment,
): Promise<{ rows: SegmentRows; place: string }> {
  const faults: { readonly cause: unknown; readonly text: string }[] = [];
  for (const place of [store, ...earlier]) {
    try {
      return { rows: await verifiedRows(new SegmentStore(place, house), segment), place: place.name };
    } catch (cause) {
      faults.push({ cause, text: `${place.name}: ${messageOf(cause)}` });
    }
  }
  throw new AggregateError(
    faults.map(({ cause }) => cause),
    `segment ${segment.number} cannot be read: ${faults.map(({ text }) => text).join('; ')}`,
  );
}

/** The rows of a segment, checked against its manifest, the books, both chains and every invariant. */
export async function verifiedRows(objects: SegmentStore, segment: SealedSegment): Promise<SegmentRows> {
  const stored = await objects.manifest(segment.objectKey);
  if (stored === null) throw new Failure('object_missing', 'its manifest is missing');
  if (stored.sha256 !== segment.manifestSha256)
    throw new Error('its manifest is not the one named in the books');
  const rows = await objects.segment(stored.manifest);
  const [fault] = checkSegment(segment, rows, null);
  if (fault !== undefined) throw new Error(fault);
  return rows;
}
