import { join } from 'node:path';
import { holdBooks } from '../../server/compose/backups.ts';
import type { Config } from '../../server/config.ts';
import { REFUSALS_KEPT_DAYS } from '../../server/engine/refusal-desk.ts';
import { indexAccounts, indexedSegments } from '../../server/store/archive/account-index.ts';
import { checkSegment } from '../../server/store/archive/segment-check.ts';
import { SqliteOperatorBooks } from '../../server/store/operator-books.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import type { RunReport } from '../../server/upkeep/archive/archive-run.ts';
import { Archiver } from '../../server/upkeep/archive/archiver.ts';
import { RefusalDays } from '../../server/upkeep/archive/refusal-days.ts';
import type { ObjectStore } from '../../server/upkeep/backup/object-store.ts';
import { carryOver } from '../../server/upkeep/archive/carry-over.ts';
import { admit, adoptedText } from '../../server/upkeep/houses/admission.ts';
import { readTextfile, writeTextfile } from '../../server/upkeep/textfile.ts';
import type { Outcome } from '../command-line/command.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { verifiedRows } from './fetch.ts';
import { openLedgerAccess, type ArchiveHouse } from './house.ts';
import { warningsOf, type Places } from './places.ts';
import type { Job } from './job.ts';
import { messageOf } from '../../server/ports/failure.ts';

const DAY_MS = 86_400_000;

export interface ArchiveRequest {
  /** Continues beside another house. */
  readonly adopt: boolean;
  /** Where the figures go, or null. */
  readonly metrics: string | null;
}

/** Archives what is due. */
export async function runArchive(
  { house, config, progress, say }: Job,
  request: ArchiveRequest,
): Promise<Outcome> {
  const { metrics } = request;
  const access = await openLedgerAccess(config);
  try {
    const { source, weekFiles, objects, plan, options, places } = house;
    await expectPlace(config, places.store, request.adopt, say);
    const own = { house: house.house, segments: source.segments().map(({ objectKey }) => objectKey) };
    for (const earlier of places.earlier)
      await carryOver(earlier, places.store, own, (part) => progress('carry over', part));
    await indexLacking(house, config, progress);
    const report = await new Archiver(
      {
        source,
        weekFiles,
        objects,
        plan,
        check: checkSegment,
        now: Date.now,
        write: (operation) => access.write(operation),
      },
      options,
      progress,
    ).run();
    const days = await archiveRefusals(config, places.store);
    if (metrics !== null) writeMetrics(metrics, report, source.liveBets());
    return {
      exit: EXIT.ok,
      report: {
        ok: true,
        through: access.through,
        onThisDisk: places.onThisDisk,
        ...report,
        refusalDays: days,
      },
      text: textOf(report, access.through, places, days),
    };
  } catch (cause) {
    if (metrics !== null) writeFailure(metrics);
    throw cause;
  } finally {
    await access.release();
  }
}

/** @throws Failure `other_house` */
async function expectPlace(
  { dataDir }: Config,
  store: ObjectStore,
  adopt: boolean,
  say: Job['say'],
): Promise<void> {
  const own = holdBooks(dataDir);
  try {
    const beside = await admit(store, own, { adopt, at: Date.now() });
    if (beside.length > 0) say(adoptedText(own.house, store, beside));
  } finally {
    own.close();
  }
}

/**
 * Segments from before the index, or whose index was lost: the accounts they moved are read from the store
 * once. A segment that cannot be read is reported and tried again by the next run.
 */
async function indexLacking(
  { source, objects }: ArchiveHouse,
  { dataDir }: Config,
  progress: Job['progress'],
): Promise<void> {
  const indexed = indexedSegments(dataDir);
  const lacking = source.segments().filter(({ number }) => !indexed.has(number));
  for (const [index, segment] of lacking.entries()) {
    try {
      indexAccounts(dataDir, segment.number, (await verifiedRows(objects, segment)).accounts);
      progress('index', (index + 1) / lacking.length, `segment ${segment.number}`);
    } catch (cause) {
      progress(
        'index',
        (index + 1) / lacking.length,
        `segment ${segment.number} cannot be read: ${messageOf(cause)}`,
      );
    }
  }
}

/** Refused orders leave the books after a while, and are kept here. @returns the days that were written. */
async function archiveRefusals({ dataDir }: Config, store: ObjectStore): Promise<string[]> {
  const held = holdBooks(dataDir);
  const books = new SqliteOperatorBooks(join(dataDir, DATABASE_FILE), () => null);
  try {
    const now = Date.now();
    return await new RefusalDays(store, held.house).archive(books, now - REFUSALS_KEPT_DAYS * DAY_MS, now);
  } finally {
    books.close();
    held.close();
  }
}

function textOf(
  { segments, deleted, removedFiles, freedPages, waits, store, durationMs }: RunReport,
  through: string,
  places: Places,
  refusalDays: readonly string[],
): string {
  const rows = Object.entries(deleted)
    .filter(([, count]) => count > 0)
    .map(([table, count]) => `${count} ${table}`);
  const lines = [
    ...segments.map(
      ({ number, week, firstBatch, lastBatch, bets, bytes, file }) =>
        `segment ${number} of ${week}: commits ${firstBatch} to ${lastBatch}, ${bets} bets, ` +
        `${bytes} bytes in ${store}, rows in history/${file}`,
    ),
    segments.length === 0
      ? 'nothing was due'
      : `${segments.length} segments in ${(durationMs / 1000).toFixed(1)} s through ${through}`,
    rows.length === 0 ? 'nothing was deleted from the books' : `deleted from the books: ${rows.join(', ')}`,
    ...(freedPages === 0 ? [] : [`the database file returned ${megabytes(freedPages)} MB to the disk`]),
    ...removedFiles.map((name) => `history/${name} was deleted from the disk; its segments are in ${store}`),
    ...(refusalDays.length === 0
      ? []
      : [`refused orders of ${refusalDays.join(', ')} are in ${places.store.name}`]),
    `waiting: ${waits}`,
    ...warningsOf(places),
  ];
  return `${lines.join('\n')}\n`;
}

const PAGE_BYTES = 4_096;
const megabytes = (pages: number): string => ((pages * PAGE_BYTES) / 1e6).toFixed(1);

const ABOUT = {
  success: ['tapgrid_archive_success_timestamp_seconds', 'When an archive run last succeeded.'],
  run: ['tapgrid_archive_run_timestamp_seconds', 'When the archive last ran.'],
  live: ['tapgrid_archive_live_bets', 'Bets that are not archived yet.'],
  segments: ['tapgrid_archive_segments', 'Segments of the last run.'],
} as const;

function writeMetrics(path: string, { segments }: RunReport, liveBets: number): void {
  const now = Math.floor(Date.now() / 1000);
  writeTextfile(path, [
    gauge('success', now),
    gauge('run', now),
    gauge('live', liveBets),
    gauge('segments', segments.length),
  ]);
}

/** What the last success said stays. */
function writeFailure(path: string): void {
  const success = readTextfile(path, ABOUT.success[0]);
  writeTextfile(path, [
    ...(success === null ? [] : [gauge('success', success)]),
    gauge('run', Math.floor(Date.now() / 1000)),
  ]);
}

const gauge = (name: keyof typeof ABOUT, value: number) => ({
  name: ABOUT[name][0],
  about: ABOUT[name][1],
  values: { '': value },
});
