import { checkSegment } from '../../server/store/archive/segment-check.ts';
import { Archiver, type RunReport } from '../../server/upkeep/archive/archiver.ts';
import { carryOver } from '../../server/upkeep/archive/carry-over.ts';
import { readTextfile, writeTextfile } from '../../server/upkeep/textfile.ts';
import type { Job, Outcome } from '../archive.ts';
import { wayToLedger } from './house.ts';

/** Archives what is due. */
export async function runArchive({ house, config, metrics, told }: Job): Promise<Outcome> {
  const way = await wayToLedger(config);
  try {
    const { source, shelf, objects, plan, options } = house;
    if (!house.onThisDisk) await carryOver(house.local, objects.store, (part) => told('carry over', part));
    const report = await new Archiver({ source, shelf, objects, plan, check: checkSegment, now: Date.now, write: (operation) => way.write(operation) }, options, told).run();
    if (metrics !== null) writeMetrics(metrics, report, source.liveBets());
    return { ok: true, report: { ok: true, through: way.through, onThisDisk: house.onThisDisk, ...report }, text: textOf(report, way.through, house.onThisDisk) };
  } catch (cause) {
    if (metrics !== null) writeFailure(metrics);
    throw cause;
  } finally {
    await way.release();
  }
}

function textOf({ segments, deleted, removedFiles, waits, store, durationMs }: RunReport, through: string, onThisDisk: boolean): string {
  const rows = Object.entries(deleted).filter(([, count]) => count > 0).map(([table, count]) => `${count} ${table}`);
  const lines = [
    ...segments.map(({ number, week, firstBatch, lastBatch, bets, bytes, file }) => `segment ${number} of ${week}: commits ${firstBatch} to ${lastBatch}, ${bets} bets, ${bytes} bytes in ${store}, rows in history/${file}`),
    segments.length === 0 ? 'nothing was due' : `${segments.length} segments in ${(durationMs / 1000).toFixed(1)} s through ${through}`,
    rows.length === 0 ? 'nothing was deleted from the books' : `deleted from the books: ${rows.join(', ')}`,
    ...removedFiles.map((name) => `history/${name} left the disk; its segments are in ${store}`),
    `waits: ${waits}`,
    ...(onThisDisk ? ['no bucket is set: the archive is on the disk of the books'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const ABOUT = {
  success: ['tapgrid_archive_success_timestamp_seconds', 'When the archiver last came to its end.'],
  run: ['tapgrid_archive_run_timestamp_seconds', 'When the archiver last ran.'],
  live: ['tapgrid_archive_live_bets', 'Bets that are not archived yet.'],
  segments: ['tapgrid_archive_segments', 'Segments of the last run.'],
} as const;

function writeMetrics(path: string, { segments }: RunReport, liveBets: number): void {
  const now = Math.floor(Date.now() / 1000);
  writeTextfile(path, [gauge('success', now), gauge('run', now), gauge('live', liveBets), gauge('segments', segments.length)]);
}

/** What the last success said stays. */
function writeFailure(path: string): void {
  const success = readTextfile(path, ABOUT.success[0]);
  writeTextfile(path, [...(success === null ? [] : [gauge('success', success)]), gauge('run', Math.floor(Date.now() / 1000))]);
}

const gauge = (name: keyof typeof ABOUT, value: number) => ({ name: ABOUT[name][0], about: ABOUT[name][1], values: { '': value } });
